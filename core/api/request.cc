#include "core/api/request.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "core/base/text.h"
#include "core/names/resource_name.h"

namespace lockstep::api {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;
using diagnostics::Source;

using SheetTexts = std::vector<std::pair<std::string, std::string>>;

/// The request's sheets, and those whose text stands in the inventory itself.
SheetsOnOffer OfferSheets(SheetTexts texts) {
  return [texts = std::move(texts)](const inventory::Inventory* inventory) mutable {
    auto library = std::make_unique<inventory::InlineSheets>();
    if (inventory != nullptr) {
      for (const inventory::SheetEntry& sheet : inventory->sheets) {
        if (!sheet.statement.present && !sheet.content.present) continue;
        library->Add(std::string(sheet.name.value), sheet.statement.present
                                                        ? std::string(sheet.statement.value)
                                                        : sheet.content.value);
      }
    }
    for (auto& [name, text] : texts) library->Add(name, std::move(text));
    return library;
  };
}

// The request as it is read, member by member. The first mistake ends the reading.
class RequestReader {
 public:
  explicit RequestReader(std::vector<std::string> attachments)
      : attachments_(std::move(attachments)) {}

  Result<Request> Read(std::string text, std::string_view required) {
    diagnostics::Sources sources;
    diagnostics::Emitter emitter;
    const diagnostics::SourceId id = sources.Add(Source("request", std::move(text)));
    json::Limits limits;
    limits.max_bytes = 1ull << 30;  // several documents, each escaped; each has its own limit
    const auto document = json::Document::Parse(id, sources[id], limits, emitter);
    if (!document) return Fail("the request is not JSON: " + emitter.diagnostics().front().message);
    if (document->root().kind() != json::Kind::kObject) return Fail("the request is not an object");
    for (const json::Member member : document->root().members()) ReadMember(member);
    ReadChoices();
    if (problem_) return Fail(*problem_);
    if (!text_.contains(std::string(required))) {
      return Fail("the request has no " + base::Quote(required));
    }
    return Finish();
  }

 private:
  static Error Fail(std::string message) {
    return {ErrorCode::kInvalidArgument, std::move(message)};
  }
  void Problem(std::string message) {
    if (!problem_) problem_ = std::move(message);
  }

  void ReadMember(const json::Member& member) {
    if (member.key == "sheets") {
      ReadSheets(member.value, sheets_);
    } else if (member.key == "files") {
      ReadFiles(member.value);
    } else if (member.key == "targets") {
      ReadTargets(member.value);
    } else if (member.key == "table") {
      ReadTable(member.value);
    } else if (member.key == "other") {
      ReadOther(member.value);
    } else if (member.key == "options") {
      ReadOptions(member.value);
    } else if (member.key == "drawing") {
      ReadDrawing(member.value);
    } else if (!IsText(member.key)) {
      Problem("a request has no " + base::Quote(member.key));
    } else if (!member.value.is_null()) {
      text_[std::string(member.key)] = ReadText(member);
    }
  }

  static bool IsText(std::string_view key) {
    constexpr std::string_view kTexts[] = {
        "plan",         "planName", "inventory", "inventoryName", "scenario",
        "scenarioName", "events",   "sheet",     "sheetName",     "engine",
        "to",           "tool",     "project"};
    return std::find(std::begin(kTexts), std::end(kTexts), key) != std::end(kTexts);
  }

  // A text is a string, or the number of the attachment that holds it. Each is taken once.
  std::string ReadText(const json::Member& member) {
    if (member.value.kind() == json::Kind::kString) return std::string(member.value.AsString());
    const auto number =
        member.value.kind() == json::Kind::kObject ? member.value.Find("attachment") : std::nullopt;
    const auto index = number && number->kind() == json::Kind::kNumber
                           ? names::ParseNumericId(number->NumberText())
                           : std::nullopt;
    if (!index || *index < 0 || static_cast<std::size_t>(*index) >= attachments_.size()) {
      Problem(base::Quote(member.key) + " must be a string or the number of an attachment");
      return "";
    }
    return std::exchange(attachments_[static_cast<std::size_t>(*index)], {});
  }

  void ReadSheets(json::Value value, std::optional<SheetTexts>& sheets) {
    if (value.is_null()) return;
    if (value.kind() != json::Kind::kObject) return Problem("\"sheets\" must be an object");
    sheets.emplace();
    for (const json::Member sheet : value.members()) {
      sheets->emplace_back(sheet.key, ReadText(sheet));
    }
  }

  void ReadFiles(json::Value value) {
    if (value.is_null()) return;
    if (value.kind() != json::Kind::kObject) return Problem("\"files\" must be an object");
    for (const json::Member file : value.members()) {
      request_.files.emplace_back(file.key, ReadText(file));
    }
  }

  void ReadTargets(json::Value value) {
    if (value.is_null()) return;
    const auto is_text = [](json::Value target) { return target.kind() == json::Kind::kString; };
    if (value.kind() != json::Kind::kArray) return Problem("\"targets\" must be an array");
    for (const json::Value target : value.elements()) {
      if (!is_text(target)) return Problem("\"targets\" must be an array of strings");
      request_.import_options.targets.emplace_back(target.AsString());
    }
  }

  void ReadTable(json::Value value) {
    if (value.is_null()) return;
    const auto wrong = [this] { Problem("\"table\" must be an array of arrays of strings"); };
    if (value.kind() != json::Kind::kArray) return wrong();
    request_.table.emplace();
    for (const json::Value row : value.elements()) {
      if (row.kind() != json::Kind::kArray) return wrong();
      request_.table->emplace_back();
      for (const json::Value field : row.elements()) {
        if (field.kind() != json::Kind::kString) return wrong();
        request_.table->back().emplace_back(field.AsString());
      }
    }
  }

  void ReadOther(json::Value value) {
    if (value.is_null()) return;
    if (value.kind() != json::Kind::kObject) return Problem("\"other\" must be an object");
    for (const json::Member member : value.members()) {
      const std::string_view key = member.key;
      if (key == "sheets") {
        ReadSheets(member.value, other_sheets_);
      } else if (!IsText(key) || !(key.starts_with("plan") || key.starts_with("inventory"))) {
        Problem("\"other\" has no " + base::Quote(key));
      } else if (!member.value.is_null()) {
        text_[kOther + std::string(key)] = ReadText(member);
      }
    }
    if (!text_.contains(kOther + "plan")) Problem("\"other\" has no \"plan\"");
  }

  void ReadOptions(json::Value value) {
    if (value.is_null()) return;
    if (value.kind() != json::Kind::kObject) return Problem("\"options\" must be an object");
    for (const json::Member option : value.members()) ReadOption(option);
  }

  void ReadDrawing(json::Value value) {
    if (value.is_null()) return;
    if (value.kind() != json::Kind::kObject) return Problem("\"drawing\" must be an object");
    for (const json::Member member : value.members()) {
      if (!ReadDrawingMember(member)) {
        Problem("drawing " + base::Quote(member.key) + " has no such value");
      }
    }
    if (auto problem = view::Problem(request_.drawing)) Problem("drawing: " + *problem);
  }

  bool ReadDrawingMember(const json::Member& member) {
    const json::Kind kind = member.value.kind();
    if (member.key == "width" || member.key == "rows") {
      const auto number = kind == json::Kind::kNumber
                              ? names::ParseNumericId(member.value.NumberText())
                              : std::nullopt;
      if (!number || *number < 0 || *number > view::kLargestWidth) return false;
      (member.key == "rows" ? request_.drawing.rows : request_.drawing.width) =
          static_cast<std::uint32_t>(*number);
      return true;
    }
    const std::string_view text = kind == json::Kind::kString ? member.value.AsString() : "";
    if (member.key == "view") {
      request_.drawing.view = text == "graph" ? view::View::kGraph : view::View::kLanes;
      return text == "graph" || text == "lanes";
    }
    const auto format = view::FindFormat(text);
    if (format) request_.drawing.format = *format;
    return member.key == "format" && format;
  }

  void ReadOption(const json::Member& option) {
    const json::Kind kind = option.value.kind();
    const auto bad = [&] {
      Problem("option \"" + std::string(option.key) + "\" has no such value");
    };
    if (option.key == "lenient" && kind == json::Kind::kBool) {
      request_.options.lenient = option.value.AsBool();
    } else if (option.key == "merge" && kind == json::Kind::kBool) {
      request_.merge = option.value.AsBool();
    } else if (option.key == "explain" && kind == json::Kind::kBool) {
      request_.explain = option.value.AsBool();
    } else if (option.key == "window" && kind == json::Kind::kString) {
      request_.window = option.value.AsString();
    } else if (option.key == "semantics" && kind == json::Kind::kString) {
      const auto semantics = plan::FindSemantics(option.value.AsString());
      semantics ? void(request_.options.semantics = *semantics) : bad();
    } else if (option.key == "now" && kind == json::Kind::kString) {
      const auto now = base::ParseTimestamp(option.value.AsString());
      now ? void(request_.options.now = base::ToInstant(*now)) : bad();
    } else if (kind == json::Kind::kNumber) {
      const auto number = names::ParseNumericId(option.value.NumberText());
      const bool fits = number && *number >= 0 && *number <= 1'000'000;
      if (!fits || !SetNumber(option.key, static_cast<std::uint32_t>(*number))) bad();
    } else if (option.key == "maxFailures" && kind == json::Kind::kString) {
      request_.pace.max_failures = rollout::ParseFailureLimit(option.value.AsString());
      if (!request_.pace.max_failures) bad();
    } else if (option.key == "rules" && kind == json::Kind::kObject) {
      for (const json::Member rule : option.value.members()) ReadSeverity(rule);
    } else if (kind != json::Kind::kNull) {
      bad();
    }
  }

  bool SetNumber(std::string_view option, std::uint32_t number) {
    if (option == "parallel") request_.pace.parallel = number;
    if (option == "canary") request_.pace.canary = number;
    if (option == "runs") request_.runs = number;
    return option == "parallel" || option == "canary" || option == "runs";
  }

  void ReadSeverity(const json::Member& member) {
    const auto rule = diagnostics::FindRule(member.key);
    const auto severity = member.value.kind() == json::Kind::kString
                              ? diagnostics::ParseSeveritySetting(member.value.AsString())
                              : std::nullopt;
    if (!rule || !severity) {
      return Problem("rule " + base::Quote(member.key) +
                     " is not known, or its value is not error, warning, info or off");
    }
    request_.options.severities[*rule] = *severity;
  }

  /// Texts of which there are only a few.
  void ReadChoices() {
    const std::string& to = text_["to"];
    if (to == "steps") request_.to = plan::Form::kSteps;
    if (to == "flat") request_.to = plan::Form::kFlat;
    if (!to.empty() && !request_.to) Problem("\"to\" is \"flat\" or \"steps\"");
    const auto tool = text_.find("tool");
    if (tool == text_.end()) return;
    const auto found = migrations::FindTool(tool->second);
    found ? void(request_.import_options.tool = *found)
          : Problem("there is no tool " + base::Quote(tool->second));
  }

  std::optional<Source> TakeSource(const std::string& key, const char* default_name) {
    const auto text = text_.find(key);
    if (text == text_.end()) return std::nullopt;
    const auto name = text_.find(key + "Name");
    return Source(name == text_.end() ? default_name : name->second, std::move(text->second));
  }

  Request Finish() {
    if (auto plan = TakeSource("plan", "plan.json")) request_.inputs.plan = std::move(*plan);
    request_.inputs.inventory = TakeSource("inventory", "inventory.json");
    request_.inputs.scenario = TakeSource("scenario", "scenario.json");
    if (sheets_) request_.inputs.sheets = OfferSheets(std::move(*sheets_));
    TakeOther();
    request_.events = std::move(text_["events"]);
    request_.sheet = TakeSource("sheet", "sheet.sql");
    request_.engine = std::move(text_["engine"]);
    if (const auto project = text_.find("project"); project != text_.end()) {
      request_.import_options.project = std::move(project->second);
    }
    return std::move(request_);
  }

  void TakeOther() {
    auto plan = TakeSource(kOther + "plan", "plan.json");
    if (!plan) return;
    Inputs& other = request_.other.emplace();
    other.plan = std::move(*plan);
    other.inventory = TakeSource(kOther + "inventory", "inventory.json");
    other.scenario = request_.inputs.scenario;
    if (other_sheets_) other.sheets = OfferSheets(std::move(*other_sheets_));
  }

  inline static const std::string kOther = "other.";
  std::vector<std::string> attachments_;
  Request request_;
  std::map<std::string, std::string> text_;
  std::optional<SheetTexts> sheets_, other_sheets_;
  std::optional<std::string> problem_;
};

}  // namespace

Result<Request> ReadRequest(Message message, std::string_view required) {
  return RequestReader(std::move(message.attachments)).Read(std::move(message.json), required);
}

}  // namespace lockstep::api
