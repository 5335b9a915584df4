#include "native/connection/passwords.h"

namespace lockstep::connection {

base::Result<std::string_view> Passwords::Of(const inventory::Instance& instance) {
  const inventory::DataSource* source = instance.Admin();
  if (source == nullptr) return std::string_view();
  auto found = by_instance_.find(instance.name.value);
  if (found == by_instance_.end()) {
    found = by_instance_
                .emplace(std::string(instance.name.value), ReadSecret(source->password, folder_))
                .first;
  }
  if (!found->second.ok()) return found->second.error();
  return found->second->value();
}

std::vector<std::string_view> Passwords::values() const {
  std::vector<std::string_view> values;
  for (const auto& [instance, secret] : by_instance_) {
    if (secret.ok() && !secret->empty()) values.push_back(secret->value());
  }
  return values;
}

}  // namespace lockstep::connection
