#include "native/cli/service_settings.h"

#include <filesystem>

#include "core/base/text.h"

namespace lockstep::cli {

namespace fs = std::filesystem;

void AddServiceArguments(std::vector<Argument>& arguments, PlanSettings& settings) {
  const auto semantics = plan::SemanticsNames();
  arguments.insert(arguments.end(),
                   {{.name = "--inventory",
                     .target = &settings.inventory,
                     .help = "what plans point at (default: inventory.json here)",
                     .value = "FILE",
                     .completes = Completes::kFile},
                    {.name = "--sheets",
                     .target = &settings.sheets,
                     .help = "sheets beside those that are created (default: sheets/ here)",
                     .value = "DIR",
                     .completes = Completes::kFolder},
                    {.name = "--semantics",
                     .target = &settings.semantics,
                     .help = "how plans are expanded and ordered (default: documented)",
                     .value = "NAME",
                     .choices = {semantics.begin(), semantics.end()}}});
}

base::Result<service::Settings> MakeServiceSettings(const PlanSettings& plan,
                                                    const ExecutionSettings& execution) {
  service::Settings settings;
  auto documents = MakeDocuments("", plan);
  if (!documents.ok()) return documents.error();
  settings.semantics = documents->semantics;
  settings.pace = documents->pace;
  auto made = MakeExecution(execution);
  if (!made.ok()) return made.error();
  settings.execution = std::move(*made);
  std::error_code ec;
  settings.inventory = documents->inventory;
  if (settings.inventory.empty() && fs::exists("inventory.json", ec))
    settings.inventory = "inventory.json";
  if (!settings.inventory.empty() && !fs::exists(settings.inventory, ec)) {
    return base::Error{base::ErrorCode::kNotFound,
                       "the inventory " + base::Quote(settings.inventory) + " does not exist"};
  }
  const fs::path folder = settings.inventory.empty()
                              ? fs::current_path(ec)
                              : fs::absolute(settings.inventory, ec).parent_path();
  settings.execution.inventory_folder = folder.lexically_normal().string();
  settings.sheets = documents->sheets;
  if (settings.sheets.empty() && fs::is_directory("sheets", ec)) settings.sheets = "sheets";
  return settings;
}

std::vector<std::string> RunnerArguments(const ExecutionSettings& execution) {
  std::vector<std::string> arguments = {"--ledger", execution.ledger, "--keep-going", "--max-wait",
                                        "forever"};
  const auto add = [&](const char* name, const std::optional<std::string>& value) {
    if (value) arguments.insert(arguments.end(), {name, *value});
  };
  add("--task-timeout", execution.task_timeout);
  add("--statement-timeout", execution.statement_timeout);
  add("--busy-timeout", execution.busy_timeout);
  for (const std::string& client : execution.clients) add("--client", client);
  for (const std::string& host : execution.allowed_hosts) add("--allow-host", host);
  if (execution.jobs) add("--jobs", std::to_string(*execution.jobs));
  if (execution.cancel_orphans) arguments.push_back("--cancel-orphans");
  return arguments;
}

}  // namespace lockstep::cli
