#include "core/migrations/assemble.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/base/json_writer.h"
#include "core/base/text.h"
#include "core/base/uuid.h"
#include "core/inventory/group_match.h"
#include "core/names/resource_name.h"
#include "core/sql/splitter.h"

namespace lockstep::migrations {
namespace {

using base::Error;
using base::ErrorCode;
using base::JsonWriter;
using base::Quote;
using inventory::DatabaseIndex;
using sql::Statement;
using sql::StatementClass;

// ---- targets ----

/// One database of the target, which speaks for it. Invalid where the inventory knows none.
DatabaseIndex DatabaseOf(const inventory::Inventory& inventory, std::string_view target) {
  if (const DatabaseIndex database = inventory.FindDatabase(target); database.valid())
    return database;
  const inventory::DatabaseGroup* group = inventory.FindGroup(target);
  if (group == nullptr) return {};
  const auto expression = inventory::GroupExpression::Parse(group->expression.value);
  if (!expression.ok()) return {};
  const std::vector<DatabaseIndex> matched = expression->Match(inventory);
  return matched.empty() ? DatabaseIndex() : matched[0];
}

Target FindTarget(const std::string& name, const Options& options,
                  const inventory::Inventory* inventory) {
  Target target{name, 0, sql::Dialect::kPostgres, options.engine};
  const DatabaseIndex database =
      inventory == nullptr ? DatabaseIndex() : DatabaseOf(*inventory, name);
  if (database.valid()) {
    const inventory::Instance& instance =
        inventory->instances[inventory->databases[database].instance];
    if (instance.engine.value != sql::Engine::kUnspecified) target.engine = instance.engine.value;
    const inventory::EnvironmentIndex environment = inventory->EnvironmentOf(database);
    target.stage = environment.valid() ? environment.value()
                                       : static_cast<std::uint32_t>(inventory->environments.size());
  }
  if (target.engine) target.dialect = sql::Facts(*target.engine).dialect;
  return target;
}

// ---- statements ----

bool Begins(const Statement& statement, std::string_view text) {
  if (statement.statement_class != StatementClass::kTransactionControl) return false;
  std::string_view rest =
      text.substr(statement.span.begin, statement.span.end - statement.span.begin);
  const std::string_view word = TakeWord(rest);
  return base::EqualsIgnoreCaseAscii(word, "BEGIN") || base::EqualsIgnoreCaseAscii(word, "START");
}

bool Commits(const Statement& statement, std::string_view text) {
  if (statement.statement_class != StatementClass::kTransactionControl) return false;
  std::string_view rest =
      text.substr(statement.span.begin, statement.span.end - statement.span.begin);
  const std::string_view word = TakeWord(rest);
  return base::EqualsIgnoreCaseAscii(word, "COMMIT") || base::EqualsIgnoreCaseAscii(word, "END");
}

/// The statement with its semicolon.
void Erase(std::string& text, diagnostics::Span span) {
  std::size_t end = text.find_first_not_of(" \t\r\n", span.end);
  end = end != std::string::npos && text[end] == ';' ? end + 1 : span.end;
  text.erase(span.begin, end - span.begin);
}

bool IsData(sql::Dialect dialect, const std::string& text) {
  const sql::SplitResult split = sql::Split(dialect, text);
  return std::all_of(split.statements.begin(), split.statements.end(),
                     [](const Statement& s) { return s.statement_class == StatementClass::kDml; });
}

/// Lower case letters, digits and dashes, of a length that every file system takes.
std::string FileStem(std::string_view name) {
  std::string stem;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '.';
    if (plain) {
      stem += c;
    } else if (!stem.empty() && stem.back() != '-') {
      stem += '-';
    }
    if (stem.size() == 80) break;
  }
  while (!stem.empty() && stem.back() == '-') stem.pop_back();
  return stem.empty() ? "migration" : stem;
}

}  // namespace

base::Result<std::vector<Target>> FindTargets(const Options& options,
                                              const inventory::Inventory* inventory) {
  std::vector<Target> targets;
  std::set<std::string_view> seen;
  for (const std::string& name : options.targets) {
    const auto database = names::ParseDatabaseName(name);
    const auto group = names::ParseDatabaseGroupName(name);
    if (!(database && !database->instance.empty() && !database->database.empty()) &&
        !(group && !group->project.empty() && !group->group.empty())) {
      return Error{ErrorCode::kInvalidArgument,
                   "the target " + Quote(name) +
                       " is neither instances/INSTANCE/databases/DATABASE nor "
                       "projects/PROJECT/databaseGroups/GROUP"};
    }
    if (!seen.insert(name).second) {
      return Error{ErrorCode::kInvalidArgument, "the target " + Quote(name) + " is named twice"};
    }
    targets.push_back(FindTarget(name, options, inventory));
  }
  if (targets.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 "no targets: name the databases, as instances/INSTANCE/databases/DATABASE"};
  }
  std::stable_sort(targets.begin(), targets.end(),
                   [](const Target& a, const Target& b) { return a.stage < b.stage; });
  return targets;
}

void Tidy(sql::Dialect dialect, Reading& reading) {
  std::vector<Migration> kept;
  for (Migration& migration : reading.migrations) {
    const std::vector<Statement> statements = sql::Split(dialect, migration.sql).statements;
    const bool wrapped = statements.size() >= 2 && Begins(statements.front(), migration.sql) &&
                         Commits(statements.back(), migration.sql);
    if (statements.size() == (wrapped ? 2u : 0u)) {
      reading.Notice(migration.place, "is left out: it has no statement");
      continue;
    }
    if (wrapped) {
      Erase(migration.sql, statements.back().span);
      Erase(migration.sql, statements.front().span);
      reading.Notice(migration.place,
                     "BEGIN and COMMIT around it are left out: a sheet is a transaction by itself");
    }
    kept.push_back(std::move(migration));
  }
  reading.migrations = std::move(kept);
}

std::size_t FirstSheet(std::size_t count) {
  std::size_t first = 100;
  while (count >= 9 * first) first *= 10;
  return first + 1;
}

std::string SheetFile(const Migration& migration, std::size_t number) {
  return std::to_string(number) + "-" + FileStem(migration.name) + ".sql";
}

std::string WritePlan(const Reading& reading, const std::vector<Target>& targets,
                      const Options& options) {
  const std::string_view tool = ToolNames()[static_cast<std::size_t>(options.tool)];
  std::vector<std::map<sql::Dialect, bool>> is_data(reading.migrations.size());
  const auto type_of = [&](std::size_t i, sql::Dialect dialect) {
    const auto [known, is_new] = is_data[i].try_emplace(dialect);
    if (is_new) known->second = IsData(dialect, reading.migrations[i].sql);
    return known->second ? "DATA" : "MIGRATE";
  };
  const std::size_t first_sheet = FirstSheet(reading.migrations.size());
  JsonWriter writer(2);
  writer.BeginObject();
  writer.Member("title",
                base::Plural(reading.migrations.size(), "migration") + " of " + std::string(tool));
  writer.Key("steps").BeginArray();
  for (std::size_t begin = 0, end = 0; begin < targets.size(); begin = end) {
    while (end < targets.size() && targets[end].stage == targets[begin].stage) ++end;
    writer.BeginObject().Key("specs").BeginArray();
    std::vector<std::string> last_ids(end - begin);
    for (std::size_t i = 0; i < reading.migrations.size(); ++i) {
      const Migration& migration = reading.migrations[i];
      for (std::size_t at = begin; at < end; ++at) {
        base::Sha256 digest;
        digest.Field("lockstep import").Field(tool).Field(migration.key).Field(targets[at].name);
        const std::string id = base::UuidOf(digest);
        writer.BeginObject().Member("id", id);
        std::string& last = last_ids[at - begin];
        if (!last.empty()) writer.Key("dependsOnSpecs").BeginArray().String(last).EndArray();
        writer.Key("changeDatabaseConfig").BeginObject().Member("target", targets[at].name);
        writer.Member("sheet",
                      "projects/" + options.project + "/sheets/" + std::to_string(first_sheet + i));
        writer.Member("type", type_of(i, targets[at].dialect));
        if (!migration.version.empty()) writer.Member("schemaVersion", migration.version);
        writer.EndObject().EndObject();
        last = id;
      }
    }
    writer.EndArray().EndObject();
  }
  return writer.EndArray().EndObject().Take() + "\n";
}

std::string WriteInventory(const std::vector<Target>& targets, sql::Engine engine) {
  std::map<std::string, std::vector<std::string_view>> instances;
  for (const Target& target : targets) {
    const auto name = names::ParseDatabaseName(target.name);
    if (!name) return "";
    instances["instances/" + std::string(name->instance)].push_back(target.name);
  }
  JsonWriter writer(2);
  writer.BeginObject().Key("instances").BeginArray();
  for (const auto& [name, databases] : instances) {
    writer.BeginObject().Member("name", name).Member("engine", sql::Facts(engine).name);
    writer.Key("databases").BeginArray();
    for (const std::string_view database : databases)
      writer.BeginObject().Member("name", database).EndObject();
    writer.EndArray().EndObject();
  }
  return writer.EndArray().EndObject().Take() + "\n";
}

}  // namespace lockstep::migrations
