#include "native/service/inventory_now.h"

#include "core/base/text.h"
#include "core/diagnostics/render.h"

namespace lockstep::service {

base::Result<std::unique_ptr<InventoryNow>> InventoryNow::Read(const Settings& settings) {
  auto source = ReadInventory(settings);
  if (!source.ok()) {
    // Nothing that the request named: it must not look as if that were not there.
    const bool missing = source.error().code == base::ErrorCode::kNotFound;
    return base::Error{missing ? base::ErrorCode::kFailedPrecondition : source.error().code,
                       source.error().message};
  }
  std::unique_ptr<InventoryNow> now(new InventoryNow(settings.inventory));
  if (!*source) {
    now->inventory_.emplace();
  } else if (auto decoded = now->Decode(std::move(**source)); !decoded.ok()) {
    return decoded.error();
  }
  return now;
}

base::Error InventoryNow::NotFound(std::string_view name) const {
  const std::string why = file_.empty() ? "there is no inventory" : "it is not in " + file_;
  return {base::ErrorCode::kNotFound, base::Quote(name) + " not found: " + why};
}

base::Status InventoryNow::Decode(diagnostics::Source source) {
  const auto id = sources_.Add(std::move(source));
  document_ = json::Document::Parse(id, sources_[id], {}, emitter_);
  if (document_) {
    inventory_ = inventory::DecodeInventory(*document_, /*lenient=*/true, emitter_);
  }
  for (const diagnostics::Diagnostic& finding : emitter_.diagnostics()) {
    if (finding.severity != diagnostics::Severity::kError) continue;
    return base::Error{base::ErrorCode::kFailedPrecondition,
                       diagnostics::RenderPlace(sources_[id], finding.place.span) + ": " +
                           finding.message + "; mend the inventory and ask again"};
  }
  return {};
}

}  // namespace lockstep::service
