// Outputs: what clients wrote, as JSON.
#pragma once

#include <vector>

#include "core/base/json_writer.h"
#include "native/ledger/ledger.h"

namespace lockstep::report {

/// [{"taskRun","stream":"stdout|stderr","head","tail","dropped"}]
void WriteJson(base::JsonWriter& writer, const std::vector<ledger::Output>& outputs);

}  // namespace lockstep::report
