// ChangeInventory: a request's change of the inventory file, which stays the one truth: read,
// changed, decoded again and written as a whole, by one writer at a time.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "native/service/inventory_now.h"

namespace lockstep::service {

/// The text after the change, or why it cannot be. Called again when the file was changed
/// meanwhile.
using Change = std::function<base::Result<std::string>(const InventoryNow& now)>;

/// The inventory after it. Nothing invalid is ever written: kInvalidArgument tells the first
/// mistake that it would have. kFailedPrecondition when no file is set. `validate_only`: nothing is
/// written.
base::Result<std::unique_ptr<InventoryNow>> ChangeInventory(const Settings& settings,
                                                            const Change& change,
                                                            bool validate_only = false);

/// kFailedPrecondition, naming the first rollout that `uses` is true of, when it may still have to
/// run: it has not ended, and its issue was not closed. Its stages keep what they were made of, but
/// not the policies of their environments.
base::Status CheckUnused(Context& context, const std::string& name,
                         const std::function<bool(const rollout::Rollout& rollout)>& uses);

/// What can be an id of a new one: kInvalidArgument with the noun ("instance") otherwise.
base::Status CheckNewId(std::string_view noun, std::string_view id);
base::Error AlreadyExists(std::string_view name);

}  // namespace lockstep::service
