// import: the migrations of another tool as a plan.
#include <filesystem>

#include "core/api/import.h"
#include "core/api/statements.h"
#include "core/base/text.h"
#include "core/diagnostics/render.h"
#include "native/cli/settings.h"
#include "native/documents.h"
#include "native/migration_folder.h"
#include "native/report/output.h"
#include "native/runner.h"

namespace lockstep::cli {
namespace {

namespace fs = std::filesystem;
using report::Stderr;
using report::Stdout;

struct Import {
  std::string tool, folder;
  std::vector<std::string> targets;
  std::optional<std::string> project, output, inventory, engine;
  std::string format = "text";
  bool force = false;

  int Run() const;

 private:
  base::Result<migrations::Options> MakeOptions() const;
  base::Result<std::optional<diagnostics::Source>> ReadInventory() const;
  base::Result<api::FolderImport> Read() const;
  void Tell(const api::FolderImport& made, const std::vector<std::string>& written) const;
};

base::Result<migrations::Options> Import::MakeOptions() const {
  migrations::Options options;
  options.tool = *migrations::FindTool(tool);
  if (project) options.project = *project;
  if (engine) {
    const auto found = api::FindEngine(*engine);
    if (!found) return found.error();
    options.engine = *found;
  }
  for (const std::string& list : targets) {
    for (std::size_t begin = 0; begin <= list.size();) {
      const std::size_t end = std::min(list.find(',', begin), list.size());
      options.targets.push_back(list.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return options;
}

/// The named one, else that of the folder that is written to.
base::Result<std::optional<diagnostics::Source>> Import::ReadInventory() const {
  const std::string path =
      inventory.value_or((fs::path(output.value_or(".")) / "inventory.json").string());
  std::error_code ec;
  if (!inventory && !fs::exists(path, ec)) return std::optional<diagnostics::Source>();
  auto source = native::ReadSource(path, json::Limits().max_bytes);
  if (!source) return source.error();
  return std::optional<diagnostics::Source>(std::move(*source));
}

base::Result<api::FolderImport> Import::Read() const {
  const auto options = MakeOptions();
  if (!options) return options.error();
  auto known = ReadInventory();
  if (!known) return known.error();
  auto files = native::ReadMigrations(folder, options->tool);
  if (!files) return files.error();
  const std::string prefix = folder.ends_with('/') ? folder : folder + "/";
  return api::ImportFolder(prefix, std::move(*files), std::move(*known), *options);
}

void Import::Tell(const api::FolderImport& made, const std::vector<std::string>& written) const {
  Stderr().Write(diagnostics::RenderText(made.sources, made.diagnostics, Stderr().color()));
  if (format == "json") return Stdout().Write(api::ImportAnswer(made, written) + "\n");
  Stderr().Write(diagnostics::RenderRemarks(made.sources, made.imported.notices, "note"));
  Stderr().Write(diagnostics::RenderRemarks(made.sources, made.imported.errors, "error"));
  for (const std::string& path : written) Stdout().Write("wrote " + path + "\n");
  if (!written.empty()) Stdout().Write(made.imported.summary + "\n");
}

int Import::Run() const {
  const auto made = Read();
  if (!made) return Fail(made.error());
  if (made->has_errors) {
    Tell(*made, {});
    return native::kExitFailed;
  }
  const auto written = native::WriteImported(made->imported, output.value_or("."), force);
  if (!written) return Fail(written.error());
  Tell(*made, *written);
  return native::kExitDone;
}

}  // namespace

Verb ImportVerb() {
  auto self = std::make_shared<Import>();
  const auto tools = migrations::ToolNames();
  return {
      .name = "import",
      .summary = "Make a plan and its sheets of the migrations of another tool",
      .examples =
          "  lockstep import flyway sql/migrations --targets instances/test/databases/hr -o hr\n"
          "  lockstep import dbmate db/migrations --engine SQLITE \\\n"
          "      --targets instances/a/databases/hr,instances/b/databases/hr\n",
      .arguments = {{.name = "TOOL",
                     .target = &self->tool,
                     .help = "whose migrations they are",
                     .choices = {tools.begin(), tools.end()},
                     .required = true},
                    {.name = "DIR",
                     .target = &self->folder,
                     .help = "the folder of the migrations",
                     .completes = Completes::kFolder,
                     .required = true},
                    {.name = "--targets",
                     .target = &self->targets,
                     .help = "the databases or groups that they are for, by their whole names",
                     .value = "T,T…",
                     .required = true},
                    {.name = "--project",
                     .target = &self->project,
                     .help = "the project of the sheets (default: migrations)",
                     .value = "NAME"},
                    {.name = "--inventory",
                     .target = &self->inventory,
                     .help = "engines and environments of the targets (default: "
                             "inventory.json of the folder that is written to)",
                     .value = "FILE",
                     .completes = Completes::kFile},
                    {.name = "--engine",
                     .target = &self->engine,
                     .help = "of targets that no inventory knows: SQLITE, POSTGRES …; makes a "
                             "first inventory.json",
                     .value = "ENGINE"},
                    {.name = "--output",
                     .target = &self->output,
                     .help = "the folder for plan.json and sheets/ (default: this one)",
                     .value = "DIR",
                     .completes = Completes::kFolder,
                     .letter = "-o"},
                    {.name = "--force",
                     .target = &self->force,
                     .help = "overwrite files that are there"},
                    FormatArgument(self->format, {"text", "json"})},
      .run = [self] { return self->Run(); }};
}

}  // namespace lockstep::cli
