#include "tests/scheduler/setup.h"

#include <algorithm>
#include <cctype>

#include "core/base/json_writer.h"
#include "core/base/text.h"
#include "tests/scheduler/script.h"

namespace lockstep::scheduler_test {
namespace {

using base::JsonWriter;

// "a: b" -> "a" and "b".
std::pair<std::string, std::string> AtColon(std::string_view line) {
  const std::size_t colon = std::min(line.find(':'), line.size());
  return {std::string(line.substr(0, colon)),
          std::string(line.substr(std::min(colon + 1, line.size())))};
}

std::vector<std::string> AtCommas(const std::string& list) {
  std::vector<std::string> items;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    items.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return items;
}

bool IsUpper(const std::string& word) {
  return std::all_of(word.begin(), word.end(),
                     [](unsigned char c) { return std::isupper(c) || c == '_'; });
}

}  // namespace

std::optional<std::string> Setup::Add(std::string_view line) {
  const std::vector<std::string> words = Words(line);
  const std::string& word = words.front();
  if (line.front() == ' ') return AddSpec(line);
  if (word == "instance") return AddInstance(line);
  if (word == "environments") {
    environments_.assign(words.begin() + 1, words.end());
  } else if (word == "group") {
    const auto [left, right] = AtColon(line);
    groups_[Words(left).back()] = Words(right);
  } else if (word == "step") {
    steps_.push_back({words.size() > 1 ? words[1] : "", {}});
  } else if (word == "specs") {
    flat_ = true;
    steps_.push_back({});
  } else if (word == "semantics" && words.size() == 2 && plan::FindSemantics(words[1])) {
    semantics_ = words[1];
  } else if (word == "parallel" && words.size() == 2) {
    pace_.parallel = static_cast<std::uint32_t>(std::stoul(words[1]));
  } else if (word == "canary" && words.size() == 2) {
    pace_.canary = static_cast<std::uint32_t>(std::stoul(words[1]));
  } else if (word == "max-failures" && words.size() == 2) {
    pace_.max_failures = rollout::ParseFailureLimit(words[1]);
  } else if (word == "terminal") {
    terminal_ = true;
  } else if (word == "on-request") {
    on_request_ = true;
  } else if (word == "vcs") {
    vcs_ = true;
  } else {
    return "not a line of a setup";
  }
  return std::nullopt;
}

std::optional<std::string> Setup::AddInstance(std::string_view line) {
  const auto [left, right] = AtColon(line);
  const std::vector<std::string> words = Words(left);
  if (words.size() < 2) return "an instance needs a name";
  Instance instance;
  instance.name = words[1];
  instance.environment = environments_.front();
  instance.databases = Words(right);
  for (std::size_t i = 2; i < words.size(); ++i) {
    if (words[i] == "in" && i + 1 < words.size()) {
      instance.environment = words[++i];
    } else if (words[i] == "connections" && i + 1 < words.size()) {
      instance.connections = words[++i];
    } else if (IsUpper(words[i])) {
      instance.engine = words[i];
    } else {
      return "an instance cannot have " + words[i];
    }
  }
  instances_.push_back(std::move(instance));
  return std::nullopt;
}

std::optional<std::string> Setup::AddSpec(std::string_view line) {
  if (steps_.empty()) return "a spec needs a step before it";
  const auto [left, right] = AtColon(line);
  const std::vector<std::string> words = Words(right);
  Spec spec;
  spec.id = Words(left).front();
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const bool has_next = i + 1 < words.size();
    if (word == "group") {
      spec.group = true;
    } else if (word == "create" || word == "export") {
      spec.kind = word;
    } else if (word == "after" && has_next) {
      spec.after = AtCommas(words[++i]);
    } else if (word == "version" && has_next) {
      spec.version = words[++i];
    } else if (word == "on" && has_next) {
      spec.instance = words[++i];
    } else if (word == "from" && has_next) {
      spec.from = base::ParseDuration(words[++i]);
      if (!spec.from) return words[i] + " is not a length of time";
    } else if (IsUpper(word)) {
      spec.type = word;
    } else {
      spec.targets.push_back(word);
    }
  }
  if (spec.targets.empty()) return "a spec needs a target";
  steps_.back().specs.push_back(std::move(spec));
  return std::nullopt;
}

std::string Setup::TargetName(const Spec& spec, const std::string& target) const {
  if (spec.group) return "projects/sample/databaseGroups/" + target;
  for (const Instance& instance : instances_) {
    if (std::count(instance.databases.begin(), instance.databases.end(), target) > 0)
      return "instances/" + instance.name + "/databases/" + target;
  }
  return "instances/none/databases/" + target;
}

std::string Setup::ConfigJson(const Spec& spec, int number) const {
  JsonWriter json;
  json.BeginObject();
  if (spec.kind == "create") {
    json.Member("target", "instances/" + spec.instance).Member("database", spec.targets[0]);
    return json.Member("owner", "app").EndObject().Take();
  }
  if (flat_) {
    json.Key("targets").BeginArray();
    for (const std::string& target : spec.targets) json.String(TargetName(spec, target));
    json.EndArray();
  } else {
    json.Member("target", TargetName(spec, spec.targets[0]));
  }
  json.Member("sheet", "projects/sample/sheets/" + std::to_string(number));
  if (spec.kind == "export") return json.Member("format", "CSV").EndObject().Take();
  json.Member("type", spec.type);
  if (!spec.version.empty()) json.Member("schemaVersion", spec.version);
  return json.EndObject().Take();
}

std::string Setup::SpecJson(const Spec& spec, int number) const {
  JsonWriter json;
  json.BeginObject().Member("id", spec.id);
  if (spec.from) json.Member("earliestAllowedTime", base::FormatInstant(kStart + *spec.from));
  if (!spec.after.empty()) {
    json.Key("dependsOnSpecs").BeginArray();
    for (const std::string& id : spec.after) json.String(id);
    json.EndArray();
  }
  const char* key = spec.kind == "create"   ? "createDatabaseConfig"
                    : spec.kind == "export" ? "exportDataConfig"
                                            : "changeDatabaseConfig";
  return json.Key(key).Raw(ConfigJson(spec, number)).EndObject().Take();
}

std::string Setup::PlanJson() const {
  JsonWriter json;
  json.BeginObject();
  if (vcs_) json.Key("vcsSource").BeginObject().EndObject();
  if (!flat_) json.Key("steps").BeginArray();
  int number = 100;
  for (const Step& step : steps_) {
    if (!flat_) json.BeginObject().Member("title", step.title);
    json.Key("specs").BeginArray();
    for (const Spec& spec : step.specs) json.Raw(SpecJson(spec, ++number));
    json.EndArray();
    if (!flat_) json.EndObject();
  }
  if (!flat_) json.EndArray();
  return json.EndObject().Take();
}

std::string Setup::InventoryJson() const {
  JsonWriter json;
  json.BeginObject().Key("environments").BeginArray();
  for (const std::string& name : environments_)
    json.BeginObject().Member("name", "environments/" + name).EndObject();
  json.EndArray().Key("instances").BeginArray();
  for (const Instance& instance : instances_) {
    const std::string name = "instances/" + instance.name;
    json.BeginObject().Member("name", name).Member("engine", instance.engine);
    json.Member("environment", "environments/" + instance.environment);
    json.Key("maximumConnections").Raw(instance.connections);
    json.Key("dataSources").BeginArray().BeginObject();
    json.Member("type", "ADMIN").Member("host", "localhost").EndObject().EndArray();
    json.Key("databases").BeginArray();
    for (const std::string& database : instance.databases)
      json.BeginObject().Member("name", name + "/databases/" + database).EndObject();
    json.EndArray().EndObject();
  }
  json.EndArray().Key("databaseGroups").BeginArray();
  for (const auto& [name, databases] : groups_) {
    std::string expression;
    for (const std::string& database : databases) {
      expression += std::string(expression.empty() ? "" : " || ") +
                    "resource.database_name == " + base::Quote(database);
    }
    json.BeginObject().Member("name", "projects/sample/databaseGroups/" + name);
    json.Key("databaseExpr").BeginObject().Member("expression", expression).EndObject();
    json.EndObject();
  }
  json.EndArray();
  if (terminal_) {
    json.Key("stagePolicy").BeginObject().Member("endState", "terminal").EndObject();
  }
  return json.EndObject().Take();
}

std::unique_ptr<api::Workspace> Setup::Read() const {
  api::Options options;
  options.semantics = *plan::FindSemantics(semantics_);
  options.now = kStart;
  return api::Workspace::Read({.plan = diagnostics::Source("plan.json", PlanJson()),
                               .inventory = diagnostics::Source("inventory.json", InventoryJson()),
                               .scenario = std::nullopt,
                               .sheets = nullptr},
                              options);
}

}  // namespace lockstep::scheduler_test
