// InventoryNow: the inventory file as it is now, decoded. Read for each request: who changes the
// file has changed what the services answer.
#pragma once

#include <memory>
#include <optional>

#include "core/inventory/inventory.h"
#include "core/json/document.h"
#include "native/service/context.h"

namespace lockstep::service {

class InventoryNow {
 public:
  /// An empty one when no file is set. kFailedPrecondition, with the place of the first mistake,
  /// for one that cannot be used: no request can mend that.
  static base::Result<std::unique_ptr<InventoryNow>> Read(const Settings& settings);
  /// One that the file `file` is to have. kInvalidArgument with its first mistake and its pointer.
  static base::Result<std::unique_ptr<InventoryNow>> Of(const std::string& file, std::string text);

  const inventory::Inventory& inventory() const { return *inventory_; }
  /// Null when no file is set.
  const inventory::Inventory* get() const { return file_.empty() ? nullptr : &*inventory_; }
  /// "" when no file is set.
  std::string text() const;
  /// The error for a name that it does not have.
  base::Error NotFound(std::string_view name) const;

 private:
  explicit InventoryNow(std::string file) : file_(std::move(file)) {}
  /// The first error in it.
  std::optional<diagnostics::Diagnostic> Decode(diagnostics::Source source);

  const std::string file_;  // "" = there is none
  diagnostics::Sources sources_;
  diagnostics::Emitter emitter_;
  std::optional<json::Document> document_;
  std::optional<inventory::Inventory> inventory_;
};

}  // namespace lockstep::service
