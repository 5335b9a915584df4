#include "tests/corpus/corpus.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/base/check.h"
#include "core/base/text.h"
#include "core/base/time.h"
#include "core/diagnostics/render.h"

namespace lockstep::corpus {
namespace {

namespace fs = std::filesystem;

std::string IdOf(std::string_view sheet_name) {
  return std::string(sheet_name.substr(sheet_name.rfind('/') + 1));
}

/// Files named 741.sql or 741-*.sql, and what the inventory holds inline.
class CorpusSheets : public inventory::SheetLibrary {
 public:
  CorpusSheets(const Case& of, Texts texts, const inventory::Inventory* inventory)
      : case_(of), texts_(std::move(texts)), inventory_(inventory) {}

  std::vector<std::string> Names() const override {
    std::vector<std::string> names;
    for (const auto& [file, text] : texts_) {
      if (!IsSheet(file)) continue;
      const std::string stem = file.substr(case_.sheets_prefix.size());
      names.push_back(stem.substr(0, stem.find_first_of("-.")));
    }
    if (inventory_ != nullptr) {
      for (const auto& sheet : inventory_->sheets) names.emplace_back(sheet.name.value);
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  base::Result<diagnostics::Source> Load(std::string_view name) const override {
    const std::string id = IdOf(name);
    if (case_.unreadable.count(id) > 0) {
      return base::Error{base::ErrorCode::kIo, "permission denied"};
    }
    for (const auto& [file, text] : texts_) {
      if (!IsSheet(file)) continue;
      const std::string stem = file.substr(case_.sheets_prefix.size());
      if (stem.substr(0, stem.find_first_of("-.")) == id) return diagnostics::Source(file, text);
    }
    return base::Error{base::ErrorCode::kNotFound, "there is no such sheet"};
  }

 private:
  bool IsSheet(const std::string& file) const {
    return file.compare(0, case_.sheets_prefix.size(), case_.sheets_prefix) == 0;
  }
  const Case& case_;
  Texts texts_;
  const inventory::Inventory* inventory_;
};

void ReadOptions(const std::string& text, Case& out) {
  std::istringstream lines(text);
  std::string word, value;
  while (lines >> word) {
    if (word == "lenient") {
      out.options.lenient = true;
      continue;
    }
    lines >> value;
    if (word == "now") {
      out.options.now = base::ToInstant(base::ParseTimestamp(value).value());
    } else if (word == "semantics") {
      out.options.semantics = plan::FindSemantics(value).value();
    } else if (word == "max-bytes") {
      out.options.limits.max_bytes = std::stoull(value);
    } else if (word == "unreadable") {
      out.unreadable.insert(value);
    } else if (word == "inventory") {
      out.inventory.reset();
    } else if (word == "sheets") {
      out.has_sheets = false;
    } else {
      LOCKSTEP_CHECK(word == "rule", "an option of the corpus");
      const std::size_t equals = value.find('=');
      const auto rule = diagnostics::FindRule(value.substr(0, equals));
      out.options.severities[rule.value()] =
          diagnostics::ParseSeveritySetting(value.substr(equals + 1)).value();
    }
  }
}

void AddFile(Case& out, const std::string& file) {
  out.texts[file] = ReadFile(Folder() + file);
}

std::string FirstThatExists(const std::string& own, const std::string& shared) {
  return fs::exists(Folder() + own) ? own : shared;
}

Case LoadCase(const std::string& name) {
  Case out;
  out.name = name;
  out.plan = name + ".json";
  out.inventory = FirstThatExists(name + ".inventory.json", "shared.inventory.json");
  out.sheets_prefix = FirstThatExists(name + ".sheets", "shared.sheets") + "/";
  if (out.sheets_prefix == "shared.sheets/") {  // more than one case uses them
    out.options.severities[diagnostics::Rule::kUnusedSheet] = std::nullopt;
  }
  const std::string scenario = name + ".scenario.json";
  if (fs::exists(Folder() + scenario)) out.scenario = scenario;
  if (fs::exists(Folder() + name + ".options"))
    ReadOptions(ReadFile(Folder() + name + ".options"), out);
  AddFile(out, out.plan);
  if (out.inventory) AddFile(out, *out.inventory);
  if (out.scenario) AddFile(out, *out.scenario);
  for (const auto& entry : fs::directory_iterator(Folder() + out.sheets_prefix)) {
    AddFile(out, out.sheets_prefix + entry.path().filename().string());
  }
  return out;
}

}  // namespace

std::string Folder() {
  return LOCKSTEP_SOURCE_DIR "/tests/corpus/";
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<Case> LoadCases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(Folder())) {
    const fs::path& path = entry.path();
    const std::string stem = path.stem().string();
    const bool is_case = stem.rfind("bad-", 0) == 0 || stem.rfind("ok-", 0) == 0;
    if (is_case && path.extension() == ".json" && stem.find('.') == stem.npos)
      names.push_back(stem);
  }
  std::sort(names.begin(), names.end());
  std::vector<Case> cases;
  for (const std::string& name : names) cases.push_back(LoadCase(name));
  return cases;
}

std::unique_ptr<api::Workspace> Read(const Case& of, const Texts& changed) {
  Texts texts = of.texts;
  for (const auto& [file, text] : changed) texts.at(file) = text;
  const auto source = [&](const std::string& file) {
    return diagnostics::Source(file, texts.at(file));
  };
  api::Inputs inputs;
  inputs.plan = source(of.plan);
  if (of.inventory) inputs.inventory = source(*of.inventory);
  if (of.scenario) inputs.scenario = source(*of.scenario);
  if (of.has_sheets) {
    inputs.sheets = [&](const inventory::Inventory* inventory) {
      return std::make_unique<CorpusSheets>(of, texts, inventory);
    };
  }
  return api::Workspace::Read(std::move(inputs), of.options);
}

std::string Render(const api::Workspace& workspace) {
  return diagnostics::RenderText(workspace.sources(), workspace.diagnostics(), false);
}

std::string EssentialLines(const api::Workspace& workspace,
                           const diagnostics::Diagnostic& finding) {
  constexpr std::uint32_t kAround = 2, kMost = 24;
  constexpr std::size_t kColumns = 100;
  const diagnostics::Source& source = workspace.sources()[finding.place.source];
  const auto line_of = [&](const diagnostics::Place& place) {
    return source.PositionOf(place.span.begin).line;
  };
  std::uint32_t first = line_of(finding.place), last = first;
  for (const diagnostics::Related& related : finding.related) {
    if (related.place.source != finding.place.source) continue;
    const std::uint32_t line = line_of(related.place);
    if (std::max(last, line) - std::min(first, line) >= kMost) continue;
    first = std::min(first, line);
    last = std::max(last, line);
  }
  first -= std::min(first, kAround);
  last = std::min(last + kAround, source.line_count() - 1);
  std::vector<std::string> lines;
  std::size_t indent = kColumns;
  for (std::uint32_t line = first; line <= last; ++line) {
    lines.emplace_back(source.Slice(source.LineSpan(line)));
    const std::size_t text = lines.back().find_first_not_of(' ');
    if (text != std::string::npos) indent = std::min(indent, text);
  }
  std::string out;
  for (std::string& line : lines) {
    line.erase(0, std::min(indent, line.size()));
    if (line.size() > kColumns) line = line.substr(0, kColumns) + "…";
    for (std::size_t bad; (bad = base::FirstInvalidUtf8(line)) < line.size();) {
      line.replace(bad, 1, "\uFFFD");
    }
    out += line + "\n";
  }
  while (out.size() > 1 && out[out.size() - 2] == '\n') out.pop_back();
  return out;
}

Texts Apply(const diagnostics::Fix& fix, const diagnostics::Sources& sources) {
  std::vector<diagnostics::Edit> edits = fix.edits;
  std::sort(edits.begin(), edits.end(),
            [](const auto& a, const auto& b) { return a.place > b.place; });
  Texts changed;
  for (const diagnostics::Edit& edit : edits) {
    const diagnostics::Source& source = sources[edit.place.source];
    std::string& text = changed.try_emplace(source.name(), source.text()).first->second;
    const auto [begin, end] = edit.place.span;
    text.replace(begin, end - begin, edit.replacement);
  }
  return changed;
}

}  // namespace lockstep::corpus
