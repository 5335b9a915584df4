#include "native/report/outputs.h"

namespace lockstep::report {

void WriteJson(base::JsonWriter& writer, const std::vector<ledger::Output>& outputs) {
  writer.BeginArray();
  for (const ledger::Output& output : outputs) {
    writer.BeginObject().Member("taskRun", output.task_run);
    writer.Member("stream", output.stream == ledger::Output::Stream::kOut ? "stdout" : "stderr");
    writer.Member("head", output.head).Member("tail", output.tail);
    writer.Member("dropped", static_cast<std::int64_t>(output.dropped)).EndObject();
  }
  writer.EndArray();
}

}  // namespace lockstep::report
