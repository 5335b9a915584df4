// schema: the JSON Schemas, as shipped.
#include "core/base/text.h"
#include "native/cli/schemas.h"
#include "native/cli/settings.h"
#include "native/report/output.h"
#include "native/runner.h"

namespace lockstep::cli {

using report::Stdout;

namespace {

int Schema(const std::string& name) {
  for (const SchemaFile& schema : SchemaFiles()) {
    if (name.empty()) Stdout().Write(std::string(schema.name) + "\n");
    if (name != schema.name) continue;
    Stdout().Write(schema.text);
    return native::kExitDone;
  }
  return native::kExitDone;
}

}  // namespace

Verb SchemaVerb() {
  auto name = std::make_shared<std::string>();
  std::vector<std::string_view> names;
  for (const SchemaFile& schema : SchemaFiles()) names.push_back(schema.name);
  return {.name = "schema",
          .summary = "Print a JSON Schema; without a name, the names",
          .examples = "  lockstep schema\n  lockstep schema plan > plan.schema.json\n",
          .arguments = {{.name = "NAME",
                         .target = name.get(),
                         .help = "which document's or answer's",
                         .choices = names}},
          .run = [name] { return Schema(*name); }};
}

}  // namespace lockstep::cli
