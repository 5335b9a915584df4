// Time zones as JavaScript's world knows them (Intl): for windows.
#pragma once

#include "core/base/window.h"

namespace lockstep::wasm {

/// A base::TimeZones.
std::optional<base::Duration> JavaScriptTimeZones(std::string_view zone, base::Instant at);

}  // namespace lockstep::wasm
