// InstanceService, as far as it changes data sources of an instance one by one.
#include "core/base/text.h"
#include "core/service/data_source_edit.h"
#include "core/service/inventory_messages.h"
#include "native/service/change_inventory.h"
#include "native/service/methods.h"

namespace lockstep::service {
namespace {

using base::Error;
using base::ErrorCode;

/// What a request does to the instance of its path.
using EditSource = std::function<base::Status(InventoryEdit& edit, json::Value instance,
                                              const inventory::Instance& known)>;

Answer ChangeSource(Context& context, const Call& call, bool validate_only,
                    const EditSource& edit_source) {
  const std::string name = "instances/" + call.path[0];
  const auto change = [&](const InventoryNow& now) -> Answer {
    const inventory::InstanceIndex index = now.inventory().FindInstance(name);
    if (!index.valid()) return now.NotFound(name);
    base::Status done;
    std::string text = Edited(now.text(), [&](InventoryEdit& edit) {
      done =
          edit_source(edit, edit.Find("instances", name)->value, now.inventory().instances[index]);
    });
    if (!done.ok()) return done.error();
    return text;
  };
  const auto now = ChangeInventory(context.settings, change, validate_only);
  if (!now.ok()) return now.error();
  const inventory::Inventory& known = (*now)->inventory();
  base::JsonWriter writer;
  WriteInstance(writer, known.instances[known.FindInstance(name)]);
  return writer.Take();
}

Error NoSource(const inventory::Instance& known, const std::string& id) {
  return {ErrorCode::kNotFound,
          base::Quote(known.name.value) + " has no data source with id " + base::Quote(id)};
}

}  // namespace

Answer AddDataSource(Context& context, const Call& call) {
  const auto request = ReadSourceRequest(call.body);
  if (!request.ok()) return request.error();
  const SourceBody& source = request->source;
  return ChangeSource(
      context, call, request->validate_only,
      [&](InventoryEdit& edit, json::Value instance, const inventory::Instance& known) {
        if (!source.id.empty() && FindSource(instance, source.id)) {
          return base::Status(
              AlreadyExists("data source " + source.id + " of " + std::string(known.name.value)));
        }
        if (source.type != "READ_ONLY" && known.Admin() != nullptr) {
          return base::Status(Error{ErrorCode::kInvalidArgument,
                                    base::Quote(known.name.value) +
                                        " has its ADMIN data source; only one of type READ_ONLY "
                                        "can be added"});
        }
        AddSource(edit, instance, source);
        return base::Status();
      });
}

Answer UpdateDataSource(Context& context, const Call& call) {
  const auto request = ReadSourceRequest(call.body);
  if (!request.ok()) return request.error();
  const Paths paths = PathsOfSource();
  const auto mask = UpdateMask::Parse(request->mask ? request->mask : call.Find("updateMask"),
                                      request->json, paths.known, paths.read_only);
  if (!mask.ok()) return mask.error();
  return ChangeSource(
      context, call, request->validate_only,
      [&](InventoryEdit& edit, json::Value instance, const inventory::Instance& known) {
        const auto source = FindSource(instance, request->source.id);
        if (!source) return base::Status(NoSource(known, request->source.id));
        edit.Set(source->value, Chosen(request->source.settings, &*mask));
        return base::Status();
      });
}

Answer RemoveDataSource(Context& context, const Call& call) {
  const auto request = ReadSourceRequest(call.body);
  if (!request.ok()) return request.error();
  return ChangeSource(
      context, call, request->validate_only,
      [&](InventoryEdit& edit, json::Value instance, const inventory::Instance& known) {
        const auto source = FindSource(instance, request->source.id);
        if (!source) return base::Status(NoSource(known, request->source.id));
        if (known.data_sources[source->position].type.value != "READ_ONLY") {
          return base::Status(Error{ErrorCode::kInvalidArgument,
                                    "only a data source of type READ_ONLY can be removed"});
        }
        edit.Remove({*source});
        return base::Status();
      });
}

}  // namespace lockstep::service
