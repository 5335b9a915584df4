// goose: internal/sqlparser/parser.go (annotations: lines "-- +goose Up", "Down", "StatementBegin",
// "StatementEnd", "NO TRANSACTION", "ENVSUB ON"), migration.go NumericComponent (VERSION_name.sql,
// versions are positive numbers of 64 bits). *.sql and *.go of the folder itself, in the order of
// versions.
#include "core/base/text.h"
#include "core/migrations/reading.h"

namespace lockstep::migrations {
namespace {

using base::EqualsIgnoreCaseAscii;
using base::Quote;

/// "Up" of "-- +goose Up"; "" when the line is no annotation.
std::string_view AnnotationOf(std::string_view line) {
  constexpr std::string_view kMark = "+goose";
  line = Trim(line);
  if (!line.starts_with("--")) return {};
  line = Trim(line.substr(2));
  return line.starts_with(kMark) ? Trim(line.substr(kMark.size())) : std::string_view();
}

class GooseFile {
 public:
  GooseFile(const Folder& folder, const File& file, Reading& reading)
      : folder_(folder), file_(file), reading_(reading) {}

  /// The up part without its annotations; nothing when there is a mistake.
  std::optional<std::string> Read() {
    for (const Line& line : LinesOf(folder_.TextOf(file_))) {
      const std::string_view annotation = AnnotationOf(line.text);
      const bool good = annotation.empty() ? Take(line) : Obey(line, annotation);
      if (!good) return std::nullopt;
    }
    if (part_ == Part::kStart) {
      Fail(StartOf(file_),
           "there is no \"-- +goose Up\"; write it above the statements that "
           "migrate");
      return std::nullopt;
    }
    if (in_statement_) {
      Fail(PlaceOf(file_, statement_), "\"-- +goose StatementEnd\" is missing");
      return std::nullopt;
    }
    return std::move(sql_);
  }

 private:
  enum class Part { kStart, kUp, kDown };

  bool Fail(Place place, std::string message) {
    reading_.Fail(place, std::move(message));
    return false;
  }

  bool Take(const Line& line) {
    const std::string_view text = Trim(line.text);
    if (part_ == Part::kUp) sql_.append(folder_.TextOf(file_), line.begin, line.end - line.begin);
    if (part_ != Part::kStart || text.empty() || text.starts_with("--")) return true;
    return Fail(PlaceOf(file_, line), "a statement stands before \"-- +goose Up\"; move it behind");
  }

  bool Obey(const Line& line, std::string_view annotation) {
    const auto is = [&](std::string_view name) { return EqualsIgnoreCaseAscii(annotation, name); };
    const Place place = PlaceOf(file_, line);
    if (is("Up")) {
      if (part_ != Part::kStart) return Fail(place, "\"-- +goose Up\" stands here again; drop it");
      part_ = Part::kUp;
    } else if (is("Down")) {
      if (part_ != Part::kUp) {
        return Fail(place, "\"-- +goose Down\" has no \"-- +goose Up\" before it");
      }
      if (in_statement_) return Fail(place, "\"-- +goose StatementEnd\" is missing above");
      part_ = Part::kDown;
    } else if (is("StatementBegin")) {
      if (part_ == Part::kStart || in_statement_) {
        return Fail(place, in_statement_ ? "\"-- +goose StatementBegin\" stands inside another"
                                         : "\"-- +goose Up\" is missing above");
      }
      in_statement_ = true;
      statement_begin_ = sql_.size();
      statement_ = line;
    } else if (is("StatementEnd")) {
      if (!in_statement_) return Fail(place, "\"-- +goose StatementBegin\" is missing above");
      in_statement_ = false;
      if (part_ == Part::kUp) Delimit(place);
    } else if (is("NO TRANSACTION")) {
      reading_.Notice(place,
                      "NO TRANSACTION is left out: Lockstep takes statements out of the "
                      "transaction by itself where the engine wants it");
    } else if (is("ENVSUB ON") || is("ENVSUBST ON")) {
      reading_.Notice(place,
                      "variables stay as they are: goose would replace ${NAME} from its "
                      "environment; write their values into the sheet");
    } else if (!is("ENVSUB OFF") && !is("ENVSUBST OFF")) {
      return Fail(place, "goose has no annotation " + Quote(annotation));
    }
    return true;
  }

  /// The clients of MySQL need to be told where a statement with semicolons inside ends.
  void Delimit(Place place) {
    const sql::Engine engine = folder_.engine.value_or(sql::Engine::kPostgres);
    if (sql::Facts(engine).dialect != sql::Dialect::kMysql) return;
    const bool slashes = sql_.find("//", statement_begin_) == std::string::npos;
    const std::string delimiter = slashes ? "//" : "$$";
    sql_.insert(statement_begin_, "DELIMITER " + delimiter + "\n");
    sql_ += delimiter + "\nDELIMITER ;\n";
    reading_.Notice(place, "DELIMITER " + delimiter + " stands around this statement now");
  }

  const Folder& folder_;
  const File& file_;
  Reading& reading_;
  std::size_t statement_begin_ = 0;  // in sql_
  Part part_ = Part::kStart;
  bool in_statement_ = false;
  Line statement_;
  std::string sql_;
};

class GooseReader {
 public:
  GooseReader(const Folder& folder, Reading& reading) : folder_(folder), reading_(reading) {}

  void Read() {
    for (const File& file : folder_.files) {
      const bool sql = file.path.ends_with(".sql");
      if (sql && IsInSubfolder(file.path)) {
        reading_.Notice(StartOf(file), "is left out, as goose does: it lies in a subfolder");
      } else if (sql || (!IsInSubfolder(file.path) && file.path.ends_with(".go") &&
                         LeadingDigits(file.path) > 0)) {
        ReadFile(file);
      }
    }
    SortByVersion(reading_.migrations);
    RefuseDuplicates(reading_, "give one of them a version of its own");
  }

 private:
  void ReadFile(const File& file) {
    const std::size_t digits = LeadingDigits(file.path);
    const std::string version(WithoutLeadingZeros(std::string_view(file.path).substr(0, digits)));
    constexpr std::string_view kLargest = "9223372036854775807";
    const bool fits = version.size() < kLargest.size() ||
                      (version.size() == kLargest.size() && version <= kLargest);
    if (digits == 0 || file.path[digits] != '_' || version == "0" || !fits) {
      return reading_.Fail(StartOf(file),
                           "the name has no version that goose takes; name it as "
                           "00001_name.sql, from 1 on");
    }
    if (file.path.ends_with(".go")) {
      return reading_.Notice(StartOf(file),
                             "is left out: a migration in Go is no SQL; what comes "
                             "after it may need it");
    }
    std::optional<std::string> sql = GooseFile(folder_, file, reading_).Read();
    if (!sql) return;
    const std::string_view stem =
        std::string_view(file.path).substr(0, file.path.size() - std::string_view(".sql").size());
    reading_.migrations.push_back(
        {version, std::string(stem.substr(digits + 1)), file.path, std::move(*sql), StartOf(file)});
  }

  const Folder& folder_;
  Reading& reading_;
};

}  // namespace

void ReadGoose(const Folder& folder, Reading& reading) {
  GooseReader(folder, reading).Read();
}

}  // namespace lockstep::migrations
