#include "core/diagnostics/rule.h"

namespace lockstep::diagnostics {
namespace {

constexpr RuleProse kProse[] = {
#define LOCKSTEP_RULE(name, code, slug, severity, family, verdict, reference, summary, why, fix) \
  {summary, why, fix},
#include "core/diagnostics/rules.def"
#undef LOCKSTEP_RULE
};

}  // namespace

const RuleProse& Prose(Rule rule) {
  return kProse[static_cast<std::size_t>(rule)];
}

}  // namespace lockstep::diagnostics
