// Secrets by reference: read when a client needs them, held in memory only, wiped when done.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/inventory/inventory.h"

namespace lockstep::connection {

constexpr base::Duration kCommandLimit = base::Seconds(30);

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { other.Wipe(); }
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { Wipe(); }

  std::string_view value() const { return value_; }
  bool empty() const { return value_.empty(); }

 private:
  void Wipe();
  std::string value_;
};

/// {"env": NAME}, {"file": PATH} (relative to `folder`) or {"command": [PROGRAM, ARGUMENT…]} (its
/// standard output; run in `folder`, at most kCommandLimit); one line end at the end is cut. A file
/// that others may read is refused (kPermissionDenied). Messages name the reference, never the
/// value.
base::Result<Secret> ReadSecret(const inventory::SecretReference& reference,
                                const std::string& folder);

}  // namespace lockstep::connection
