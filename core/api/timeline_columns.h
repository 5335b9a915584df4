// A simulated timeline as columns of numbers: what a page draws 100,000 tasks from without making
// an object of each.
#pragma once

#include "core/api/message.h"
#include "core/base/json_writer.h"
#include "core/rollout/rollout.h"
#include "core/sim/simulator.h"

namespace lockstep::api {

/// Writes the value
///   {"rollout","digest","status","start","makespan","stages":[{"name","title","environment"}],
///    "specs":[ids],"databases":[names],"statuses":[names],"causes":[names],
///    "tasks":{"stage","spec","database","status","attempts","start","end"},
///    "waits":{"task","cause","by","from","to"},"criticalPath"}
/// in which each member of "tasks" and "waits", and "criticalPath", is a column:
/// {"attachment": n, "type": "int32"|"uint8"|"float64"}, little-endian. Task i is row i, its name
/// is ROLLOUT/stages/STAGE+1/tasks/i+1. Numbers index the lists and rows beside them; -1: none.
/// Times are milliseconds from the start.
void WriteTimelineColumns(base::JsonWriter& writer, const rollout::Rollout& rollout,
                          const sim::Timeline& timeline, std::vector<std::string>& attachments);

}  // namespace lockstep::api
