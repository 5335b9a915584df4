#include "native/service/inventory_now.h"

#include "core/base/text.h"
#include "core/diagnostics/render.h"

namespace lockstep::service {

using base::Error;
using base::ErrorCode;

base::Result<std::unique_ptr<InventoryNow>> InventoryNow::Read(const Settings& settings) {
  auto source = ReadInventory(settings);
  if (!source.ok()) {
    // Nothing that the request named: it must not look as if that were not there.
    const bool missing = source.error().code == ErrorCode::kNotFound;
    return Error{missing ? ErrorCode::kFailedPrecondition : source.error().code,
                 source.error().message};
  }
  std::unique_ptr<InventoryNow> now(new InventoryNow(settings.inventory));
  if (!*source) {
    now->inventory_.emplace();
    return now;
  }
  const auto wrong = now->Decode(std::move(**source));
  if (!wrong) return now;
  return Error{ErrorCode::kFailedPrecondition,
               diagnostics::RenderPlace(now->sources_[wrong->place.source], wrong->place.span) +
                   ": " + wrong->message + "; mend the inventory and ask again"};
}

base::Result<std::unique_ptr<InventoryNow>> InventoryNow::Of(const std::string& file,
                                                             std::string text) {
  std::unique_ptr<InventoryNow> now(new InventoryNow(file));
  auto wrong = now->Decode(diagnostics::Source(file, std::move(text)));
  if (!wrong) return now;
  std::vector<diagnostics::Diagnostic> findings = {std::move(*wrong)};
  if (now->document_) json::AttachPointers(*now->document_, findings);
  return Error{ErrorCode::kInvalidArgument,
               findings[0].message + " (" + findings[0].pointer + " of the inventory)"};
}

std::string InventoryNow::text() const {
  return sources_.size() == 0 ? "" : std::string(sources_[diagnostics::SourceId(0)].text());
}

Error InventoryNow::NotFound(std::string_view name) const {
  const std::string why = file_.empty() ? "there is no inventory" : "it is not in " + file_;
  return {ErrorCode::kNotFound, base::Quote(name) + " not found: " + why};
}

std::optional<diagnostics::Diagnostic> InventoryNow::Decode(diagnostics::Source source) {
  const auto id = sources_.Add(std::move(source));
  document_ = json::Document::Parse(id, sources_[id], {}, emitter_);
  if (document_) {
    inventory_ = inventory::DecodeInventory(*document_, /*lenient=*/true, emitter_);
  }
  for (const diagnostics::Diagnostic& finding : emitter_.diagnostics()) {
    if (finding.severity == diagnostics::Severity::kError) return finding;
  }
  return std::nullopt;
}

}  // namespace lockstep::service
