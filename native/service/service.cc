#include "native/service/service.h"

#include "core/service/status.h"
#include "native/clock.h"
#include "native/service/plan_checker.h"
#include "native/service/routes.h"

namespace lockstep::service {

Service::Service(Settings settings, Wake wake)
    : settings_(std::move(settings)),
      wake_(std::move(wake)),
      checker_(std::make_unique<PlanChecker>(*this)) {}
Service::~Service() = default;

base::Result<std::unique_ptr<Service>> Service::Open(Settings settings, Wake wake) {
  std::unique_ptr<Service> service(new Service(std::move(settings), std::move(wake)));
  auto ledger = service->Take();  // so that its absence is told now
  if (!ledger.ok()) return ledger.error();
  service->Give(std::move(*ledger));
  return service;
}

Context Service::MakeContext(ledger::Ledger& ledger) {
  return {
      ledger, ledger::Objects(ledger), settings_, rollouts_, native::RealNow(), wake_, *checker_,
      turns_};
}

base::Result<std::unique_ptr<ledger::Ledger>> Service::Take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto ledger = std::move(idle_.back());
      idle_.pop_back();
      return ledger;
    }
  }
  return ledger::Ledger::Open(settings_.execution.ledger, ledger::Ledger::Mode::kWrite);
}

void Service::Give(std::unique_ptr<ledger::Ledger> ledger) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(ledger));
}

void Service::CloseIdle() {
  std::vector<std::unique_ptr<ledger::Ledger>> idle;  // closed behind the lock
  const std::lock_guard lock(mutex_);
  idle_.swap(idle);
}

Service::Answer Service::Handle(std::string_view verb, std::string_view path, Call call) {
  auto answer = [&]() -> base::Result<std::string> {
    auto matched = Match(verb, path);
    if (!matched.ok()) return matched.error();
    call.path = std::move(matched->path);
    if (auto flags = CheckFlags(*matched->route, call); !flags.ok()) return flags.error();
    return With([&](Context& context) { return matched->route->method(context, call); });
  }();
  if (answer.ok()) return {200, std::move(*answer)};
  return {HttpStatus(answer.error().code), ErrorJson(answer.error())};
}

}  // namespace lockstep::service
