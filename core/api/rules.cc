#include "core/api/rules.h"

#include <algorithm>
#include <string_view>

#include "core/base/json_writer.h"
#include "core/base/text.h"

namespace lockstep::api {
namespace {

using diagnostics::RuleInfo;
using diagnostics::RuleProse;
using diagnostics::ServerVerdict;

std::string_view Describe(ServerVerdict verdict) {
  switch (verdict) {
    case ServerVerdict::kRejects:
      return "refuses such a plan when it is created";
    case ServerVerdict::kAccepts:
      return "takes such a plan and does what was meant";
    case ServerVerdict::kIgnores:
      return "takes such a plan and drops this part without a word";
    case ServerVerdict::kHangs:
      return "takes such a plan, and a task then waits for ever";
    case ServerVerdict::kFailsLater:
      return "takes such a plan, and it fails when it is checked or run";
    case ServerVerdict::kNotApplicable:
      return "does not know this: the rule is about Lockstep's own";
  }
  return {};
}

/// Calls `word` for each part between blanks.
template <class Function>
void ForEachWord(std::string_view text, Function word) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) word(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string Wrap(std::string_view text, std::string_view indent = {}) {
  constexpr std::size_t kColumns = 80;
  std::string out, line;
  ForEachWord(text, [&](std::string_view word) {
    const std::size_t width = base::DisplayWidth(line) + 1 + base::DisplayWidth(word);
    if (!line.empty() && width > kColumns) {
      out.append(line).append("\n");
      line.clear();
    }
    line.append(line.empty() ? indent : " ").append(word);
  });
  return out.append(line).append("\n");
}

void WriteRule(base::JsonWriter& writer, const RuleInfo& info, const RuleExamples& examples) {
  writer.BeginObject()
      .Member("code", info.code)
      .Member("slug", info.slug)
      .Member("severity", ToString(info.severity))
      .Member("family", ToString(info.family))
      .Member("server", ToString(info.verdict));
  writer.Key("reference").BeginArray();
  ForEachWord(info.reference, [&](std::string_view one) { writer.String(one); });
  const RuleProse& prose = diagnostics::Prose(info.rule);
  writer.EndArray()
      .Member("summary", prose.summary)
      .Member("why", prose.why)
      .Member("fix", prose.fix);
  if (const auto example = examples.find(info.rule); example != examples.end()) {
    writer.Key("example")
        .BeginObject()
        .Member("document", example->second.document)
        .Member("output", example->second.output)
        .EndObject();
  }
  writer.EndObject();
}

/// For a table: "|" ends a cell.
std::string Cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string Fence(std::string_view text) {
  std::string fence = "```";
  while (text.find(fence) != text.npos) fence += '`';
  std::string out = fence + "\n";
  out.append(text);
  if (out.back() != '\n') out += '\n';
  return out + fence + "\n";
}

std::string Section(const RuleInfo& info, const RuleExamples& examples) {
  const RuleProse& prose = diagnostics::Prose(info.rule);
  std::string out = "\n## " + std::string(info.code) + " " + std::string(info.slug) + "\n\n";
  out +=
      "*" + std::string(ToString(info.severity)) + ", " + std::string(ToString(info.family)) + "*";
  if (!info.reference.empty()) out += " (" + std::string(info.reference) + ")";
  out += " — " + std::string(prose.summary) + "\n\n" + std::string(prose.why) + "\n\n";
  out += "Bytebase " + std::string(Describe(info.verdict)) + ".\n\n";
  out += "**What to do:** " + std::string(prose.fix) + "\n";
  if (const auto example = examples.find(info.rule); example != examples.end()) {
    out += "\n" + Fence(example->second.document) + "\n" + Fence(example->second.output);
  }
  return out;
}

}  // namespace

std::string RulesJson(const RuleExamples& examples) {
  base::JsonWriter writer(2);
  writer.BeginObject().Key("rules").BeginArray();
  for (const RuleInfo& info : diagnostics::AllRules()) WriteRule(writer, info, examples);
  writer.EndArray().EndObject();
  return writer.Take() + "\n";
}

std::string RuleJson(diagnostics::Rule rule) {
  base::JsonWriter writer(2);
  WriteRule(writer, diagnostics::Info(rule), {});
  return writer.Take() + "\n";
}

std::string RulesMarkdown(const RuleExamples& examples) {
  std::string out =
      "# Rules\n\n"
      "Made from core/diagnostics/rules.def and the cases of tests/corpus; don't edit.\n"
      "References are the validations of Bytebase's server that a rule covers: V1 to V10 of\n"
      "validateSteps, G1 to G22 of making the tasks.\n\n"
      "| code | slug | severity | Bytebase | finds |\n|---|---|---|---|---|\n";
  for (const RuleInfo& info : diagnostics::AllRules()) {
    out += "| " + std::string(info.code) + " | [" + std::string(info.slug) + "](#" +
           base::ToLowerAscii(info.code) + "-" + std::string(info.slug) + ") | " +
           std::string(ToString(info.severity)) + " | " + std::string(ToString(info.verdict)) +
           " | " + Cell(diagnostics::Prose(info.rule).summary) + " |\n";
  }
  for (const RuleInfo& info : diagnostics::AllRules()) out += Section(info, examples);
  return out;
}

std::string ExplainText(diagnostics::Rule rule) {
  const RuleInfo& info = diagnostics::Info(rule);
  const RuleProse& prose = diagnostics::Prose(rule);
  std::string out = std::string(info.code) + " " + std::string(info.slug) + " (" +
                    std::string(ToString(info.severity)) + ", " +
                    std::string(ToString(info.family)) + ")\n\n";
  out += Wrap(prose.summary, "  ") + "\n" + Wrap(prose.why) + "\n";
  out += Wrap("Bytebase " + std::string(Describe(info.verdict)) +
              (info.reference.empty() ? "." : " (" + std::string(info.reference) + ")."));
  out += "\n" + Wrap("What to do: " + std::string(prose.fix));
  return out;
}

}  // namespace lockstep::api
