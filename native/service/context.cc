#include "native/service/context.h"

#include <cctype>
#include <filesystem>

#include "core/base/text.h"
#include "core/diagnostics/render.h"
#include "core/names/resource_name.h"
#include "native/connection/sheet_folder.h"
#include "native/documents.h"
#include "native/time_zones.h"

namespace lockstep::service {
namespace {

using ledger::Object;

std::string SnakeCase(std::string_view camel_case) {
  std::string text;
  for (const char c : camel_case) {
    if (c >= 'A' && c <= 'Z') text += '_';
    text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return text;
}

/// Sheets that were created through the service, and those of the folder and the inventory.
class SheetsOfLedger : public inventory::SheetLibrary {
 public:
  SheetsOfLedger(const ledger::Objects& objects, std::unique_ptr<inventory::SheetLibrary> others)
      : objects_(objects), others_(std::move(others)) {}

  std::vector<std::string> Names() const override {
    // What other plans use is no business of this one.
    return others_ == nullptr ? std::vector<std::string>() : others_->Names();
  }
  base::Result<diagnostics::Source> Load(std::string_view name) const override {
    const auto parsed = names::ParseSheetName(name);
    const auto number = parsed ? names::ParseNumericId(parsed->sheet) : std::nullopt;
    if (number) {
      auto bytes = objects_.FindBytes(Object::Kind::kSheet, parsed->project, *number);
      if (!bytes.ok()) return bytes.error();
      if (*bytes) {
        const auto other = others_ != nullptr ? others_->Load(name) : NoSheet(name);
        if (other.ok() && other->text() != **bytes) return TwoTexts(name);
        return diagnostics::Source(std::string(name), std::move(**bytes));
      }
    }
    if (others_ != nullptr) return others_->Load(name);
    return NoSheet(name);
  }

 private:
  static base::Result<diagnostics::Source> NoSheet(std::string_view name) {
    return base::Error{base::ErrorCode::kNotFound, "there is no sheet " + base::Quote(name)};
  }
  static base::Error TwoTexts(std::string_view name) {
    return {base::ErrorCode::kFailedPrecondition,
            "sheet " + base::Quote(name) +
                " was created with other contents than the file of this name has; rename the file"};
  }

  const ledger::Objects& objects_;
  std::unique_ptr<inventory::SheetLibrary> others_;
};

/// Texts in the place of what others have under these names.
class SheetsWithTexts : public inventory::SheetLibrary {
 public:
  SheetsWithTexts(const std::map<std::string, std::string>& texts,
                  std::unique_ptr<inventory::SheetLibrary> others)
      : texts_(texts), others_(std::move(others)) {}

  std::vector<std::string> Names() const override { return others_->Names(); }
  base::Result<diagnostics::Source> Load(std::string_view name) const override {
    const auto found = texts_.find(std::string(name));
    if (found != texts_.end()) return diagnostics::Source(found->first, found->second);
    return others_->Load(name);
  }

 private:
  const std::map<std::string, std::string> texts_;
  std::unique_ptr<inventory::SheetLibrary> others_;
};

constexpr std::string_view CollectionOf(Object::Kind kind) {
  switch (kind) {
    case Object::Kind::kSheet:
      return "sheets";
    case Object::Kind::kPlan:
      return "plans";
    case Object::Kind::kIssue:
      return "issues";
    case Object::Kind::kIssueComment:
      return "issueComments";
    case Object::Kind::kRelease:
      return "releases";
    case Object::Kind::kPlanChecks:
      return "planCheckRuns";
  }
  return "";
}

}  // namespace

std::optional<std::string> Call::Find(std::string_view camel_case) const {
  const std::string snake_case = SnakeCase(camel_case);
  for (const auto& [name, value] : query) {
    if (name == camel_case || name == snake_case) return value;
  }
  return std::nullopt;
}

bool Call::Is(std::string_view camel_case) const {
  return base::ParseBool(Get(camel_case)).value_or(false);
}

base::Result<std::optional<diagnostics::Source>> ReadInventory(const Settings& settings) {
  if (settings.inventory.empty()) return std::optional<diagnostics::Source>();
  auto source = native::ReadSource(settings.inventory, json::Limits().max_bytes);
  if (!source.ok()) return source.error();
  return std::optional(std::move(*source));
}

std::unique_ptr<inventory::SheetLibrary> SheetsOf(const Context& context,
                                                  const inventory::Inventory* inventory) {
  const Settings& settings = context.settings;
  std::unique_ptr<inventory::SheetLibrary> others;
  if (!settings.sheets.empty() || (inventory != nullptr && !inventory->sheets.empty())) {
    const std::string folder = std::filesystem::absolute(settings.inventory).parent_path().string();
    others = std::make_unique<connection::SheetFolder>(settings.sheets, inventory, folder);
  }
  return std::make_unique<SheetsOfLedger>(context.objects, std::move(others));
}

base::Result<std::unique_ptr<api::Workspace>> ReadPlan(Context& context, std::string name,
                                                       std::string text) {
  auto inventory = ReadInventory(context.settings);
  if (!inventory.ok()) return inventory.error();
  return ReadPlan(context, std::move(name), std::move(text), std::move(*inventory));
}

base::Result<std::unique_ptr<api::Workspace>> ReadPlan(
    Context& context, std::string name, std::string text,
    std::optional<diagnostics::Source> inventory, const std::map<std::string, std::string>& texts) {
  api::Inputs inputs;
  inputs.plan = diagnostics::Source(std::move(name), std::move(text));
  inputs.inventory = std::move(inventory);
  inputs.sheets = [&](const inventory::Inventory* known) {
    return std::make_unique<SheetsWithTexts>(texts, SheetsOf(context, known));
  };
  api::Options options;
  options.lenient = true;
  options.semantics = context.settings.semantics;
  options.time_zones = &native::SystemTimeZones;
  options.now = context.now;
  const ledger::Reading reading(context.ledger);  // of the sheets
  return api::Workspace::Read(std::move(inputs), options);
}

base::Status ErrorsOf(const api::Workspace& workspace) {
  constexpr std::size_t kMostTold = 20;
  std::vector<std::string> lines;
  std::size_t more = 0;
  for (const diagnostics::Diagnostic& finding : workspace.diagnostics()) {
    if (finding.severity != diagnostics::Severity::kError) continue;
    if (lines.size() == kMostTold) {
      ++more;
      continue;
    }
    const diagnostics::Source& source = workspace.sources()[finding.place.source];
    lines.push_back(diagnostics::RenderPlace(source, finding.place.span) + ": " + finding.message +
                    " [" + std::string(diagnostics::Info(finding.rule).code) +
                    (finding.pointer.empty() ? "" : " " + finding.pointer) + "]");
  }
  if (lines.empty()) return {};
  if (more > 0) lines.push_back("and " + std::to_string(more) + " more");
  return base::Error{base::ErrorCode::kInvalidArgument, base::Join(lines, "; ")};
}

base::Status CheckProject(std::string_view project) {
  if (names::IsValidUserId(project)) return {};
  return base::Error{base::ErrorCode::kInvalidArgument,
                     "invalid project " + base::Quote(project) +
                         ": 1 to 63 lower-case letters, digits and hyphens, a letter first"};
}

std::string_view ProjectFilter(std::string_view project) {
  return project == "-" ? "" : project;
}

std::string NameOf(const Object& object) {
  const std::string parent =
      object.kind == Object::Kind::kIssueComment || object.kind == Object::Kind::kPlanChecks
          ? object.parent
          : "projects/" + object.project;
  return parent + "/" + std::string(CollectionOf(object.kind)) + "/" +
         std::to_string(object.number);
}

base::Result<Object> Get(Context& context, Object::Kind kind, std::string_view project,
                         std::string_view number) {
  const auto parsed = names::ParseNumericId(number);
  if (parsed) {
    auto object = context.objects.Get(kind, *parsed);
    if (!object.ok()) return object.error();
    if (*object && (project == "-" || (*object)->project == project)) return std::move(**object);
  }
  return base::Error{base::ErrorCode::kNotFound,
                     base::Quote("projects/" + std::string(project) + "/" +
                                 std::string(CollectionOf(kind)) + "/" + std::string(number)) +
                         " not found"};
}

base::Result<std::vector<std::int64_t>> Numbers(Context& context, Object::Kind kind,
                                                std::string_view project) {
  return context.objects.Numbers(kind, ProjectFilter(project));
}

base::Result<Object> Get(Context& context, Object::Kind kind, std::int64_t number) {
  return Get(context, kind, "-", std::to_string(number));
}

}  // namespace lockstep::service
