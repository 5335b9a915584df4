#include "native/documents.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>

#include "core/base/text.h"
#include "core/base/version.h"
#include "core/names/resource_name.h"
#include "native/connection/read_file.h"
#include "native/connection/sheet_folder.h"
#include "native/time_zones.h"

namespace lockstep::native {
namespace {

namespace fs = std::filesystem;
using diagnostics::Rule;
using diagnostics::Severity;

constexpr Severity kSeverities[] = {Severity::kError, Severity::kWarning, Severity::kInfo};

/// "unused-sheet=off,LS301=info": slugs without commas or equal signs.
std::string SeveritiesToText(const diagnostics::SeverityOverrides& overrides) {
  std::string text;
  for (const auto& [rule, severity] : overrides) {
    if (!text.empty()) text += ',';
    text += std::string(diagnostics::Info(rule).code) + "=" +
            (severity ? std::string(diagnostics::ToString(*severity)) : "off");
  }
  return text;
}

diagnostics::SeverityOverrides SeveritiesFromText(std::string_view text) {
  diagnostics::SeverityOverrides overrides;
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(item.size() + 1, text.size()));
    const std::size_t equals = item.find('=');
    const auto rule = diagnostics::FindRule(item.substr(0, equals));
    if (!rule || equals == std::string_view::npos) continue;
    auto& severity = overrides[*rule];
    for (const Severity s : kSeverities) {
      if (diagnostics::ToString(s) == item.substr(equals + 1)) severity = s;
    }
  }
  return overrides;
}

std::string NumberToText(const std::optional<std::uint32_t>& number) {
  return number ? std::to_string(*number) : "";
}

std::optional<std::uint32_t> NumberFromText(const std::string& text) {
  std::uint32_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc() ? std::optional(number) : std::nullopt;
}

std::string AbsoluteFolderOf(const std::string& path) {
  std::error_code ec;
  return fs::absolute(path, ec).lexically_normal().parent_path().string();
}

std::string Beside(const std::string& plan, const char* name) {
  return (fs::path(plan).parent_path() / name).string();
}

}  // namespace

ReadOptions ReadOptions::FromStored(const std::map<std::string, std::string>& options) {
  const auto get = [&options](const char* name) -> std::string {
    const auto found = options.find(name);
    return found == options.end() ? std::string() : found->second;
  };
  ReadOptions result;
  result.lenient = get("lenient") == "true";
  if (const auto semantics = plan::FindSemantics(get("semantics"))) result.semantics = *semantics;
  result.severities = SeveritiesFromText(get("rules"));
  result.pace.parallel = NumberFromText(get("parallel"));
  result.pace.canary = NumberFromText(get("canary"));
  result.pace.max_failures = rollout::ParseFailureLimit(get("max_failures"));
  result.on_request = get("on_request") == "true";
  result.inventory_folder = get("inventory_folder");
  result.version = get("version");
  return result;
}

std::map<std::string, std::string> ReadOptions::ToStored() const {
  std::map<std::string, std::string> options = {
      {"lenient", lenient ? "true" : "false"},
      {"semantics", std::string(semantics.name)},
      {"rules", SeveritiesToText(severities)},
      {"parallel", NumberToText(pace.parallel)},
      {"canary", NumberToText(pace.canary)},
      {"max_failures", pace.max_failures ? rollout::ToString(*pace.max_failures) : ""},
      {"inventory_folder", inventory_folder},
      {"version", version}};
  if (on_request) options["on_request"] = "true";
  return options;
}

api::Options ReadOptions::ForWorkspace() const {
  api::Options options;
  options.lenient = lenient;
  options.semantics = semantics;
  options.severities = severities;
  options.time_zones = &SystemTimeZones;
  return options;
}

std::vector<ledger::Document> DocumentsOf(const api::Workspace& workspace) {
  using Role = ledger::Document::Role;
  std::vector<ledger::Document> documents;
  const auto add = [&](Role role, std::string name, diagnostics::SourceId id) {
    const diagnostics::Source& source = workspace.sources()[id];
    if (name.empty()) name = source.name();
    documents.push_back({role, std::move(name), source.name(), std::string(source.text())});
  };
  add(Role::kPlan, "", workspace.plan()->source);
  if (workspace.inventory() != nullptr) add(Role::kInventory, "", workspace.inventory()->source);
  for (const check::Sheet& sheet : workspace.checked()->sheets()) {
    if (sheet.text.valid()) add(Role::kSheet, std::string(sheet.name), sheet.text);
  }
  return documents;
}

rollout::Rollout ReadOptions::Expand(const check::CheckedPlan& checked, std::string name) const {
  return rollout::Expand(
      checked,
      {.name = std::move(name), .pace = pace, .on_request = on_request, .version = version});
}

base::Result<ReadRequest> ReadAll(const Documents& documents, base::Instant now) {
  ReadRequest request;
  request.options = {.lenient = documents.lenient,
                     .semantics = documents.semantics,
                     .severities = documents.severities,
                     .pace = documents.pace,
                     .on_request = false,
                     .inventory_folder = "",
                     .version = std::string(base::Version())};
  api::Options options = request.options.ForWorkspace();
  options.now = now;

  api::Inputs inputs;
  std::optional<diagnostics::Source> scenario;
  auto plan = ReadSource(documents.plan, options.limits.max_bytes);
  if (!plan.ok()) return plan.error();
  inputs.plan = std::move(*plan);
  const bool named = !documents.inventory.empty();
  const std::string inventory =
      named ? documents.inventory : Beside(documents.plan, "inventory.json");
  std::error_code ec;
  if (named || fs::exists(inventory, ec)) {
    auto source = ReadSource(inventory, options.limits.max_bytes);
    if (!source.ok()) return source.error();
    inputs.inventory = std::move(*source);
  }
  request.options.inventory_folder = AbsoluteFolderOf(inventory);
  if (!documents.scenario.empty()) {
    auto source = ReadSource(documents.scenario, options.limits.max_bytes);
    if (!source.ok()) return source.error();
    scenario = *source;
    inputs.scenario = std::move(*source);
  }
  const std::string sheets =
      documents.sheets.empty() ? Beside(documents.plan, "sheets") : documents.sheets;
  if (!documents.sheets.empty() && !fs::is_directory(sheets, ec)) {
    return base::Error{base::ErrorCode::kNotFound,
                       "the folder of sheets " + base::Quote(sheets) + " does not exist"};
  }
  if (fs::is_directory(sheets, ec) && access(sheets.c_str(), R_OK | X_OK) != 0) {
    return base::Error{
        base::ErrorCode::kInvalidArgument,
        "the folder of sheets " + base::Quote(sheets) + " cannot be read: " + strerror(errno)};
  }
  const bool on_offer = documents.sheets_needed || fs::is_directory(sheets, ec);
  inputs.sheets =
      [&](const inventory::Inventory* known) -> std::unique_ptr<inventory::SheetLibrary> {
    if (!on_offer && (known == nullptr || known->sheets.empty())) return nullptr;
    return std::make_unique<connection::SheetFolder>(sheets, known,
                                                     request.options.inventory_folder);
  };
  request.workspace = api::Workspace::Read(std::move(inputs), options);
  if (request.workspace->checked() == nullptr) return request;
  request.documents = DocumentsOf(*request.workspace);
  if (scenario) {
    request.documents.push_back({ledger::Document::Role::kScenario, scenario->name(),
                                 scenario->name(), std::string(scenario->text())});
  }
  return request;
}

base::Result<std::unique_ptr<api::Workspace>> ReadDocuments(const Documents& documents,
                                                            base::Instant now) {
  auto request = ReadAll(documents, now);
  if (!request.ok()) return request.error();
  return std::move(request->workspace);
}

base::Result<diagnostics::Source> ReadSource(const std::string& path, std::uint64_t limit) {
  const bool standard_input = path == "-";
  const std::string name = standard_input ? "<stdin>" : path;
  auto text = connection::ReadFile(standard_input ? "/dev/stdin" : path, limit);
  if (text.ok()) return diagnostics::Source(name, std::move(*text));
  if (text.error().code != base::ErrorCode::kResourceExhausted) return text.error();
  return diagnostics::Source::TooLarge(name);
}

std::string ProjectOf(const api::Workspace& workspace) {
  if (const auto name = names::ParsePlanName(workspace.plan()->name.value)) {
    if (!name->project.empty()) return std::string(name->project);
  }
  for (const check::Sheet& sheet : workspace.checked()->sheets()) {
    const auto name = names::ParseSheetName(sheet.name);
    if (name && !name->project.empty()) return std::string(name->project);
  }
  return "-";
}

}  // namespace lockstep::native
