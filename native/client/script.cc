#include "native/client/script.h"

#include <algorithm>

namespace lockstep::client {
namespace {

/// About so many markers at most.
constexpr std::size_t kMarkedStatements = 1000;

std::string Quoted(std::string_view text, char quote) {
  std::string quoted(1, quote);
  for (const char c : text) {
    if (c == quote) quoted += quote;
    quoted += c;
  }
  return quoted + quote;
}

}  // namespace

ScriptSection Script::At(std::uint32_t line) const {
  const auto after = std::upper_bound(
      sections.begin(), sections.end(), line,
      [](std::uint32_t l, const ScriptSection& section) { return l < section.line; });
  return after == sections.begin() ? sections.front() : *std::prev(after);
}

void ScriptWriter::Section(ScriptPart part, std::size_t statement) {
  lines_ += static_cast<std::uint32_t>(
      std::count(text_.begin() + static_cast<std::ptrdiff_t>(counted_), text_.end(), '\n'));
  counted_ = text_.size();
  sections_.push_back({lines_ + 1, part, static_cast<std::uint32_t>(statement)});
}

std::size_t StatementCount(const TaskScript& task) {
  return task.split == nullptr ? 0 : task.split->statements.size();
}

std::string_view StatementText(const TaskScript& task, std::size_t index) {
  const diagnostics::Span span = task.split->statements[index].span;
  return task.sheet.substr(span.begin, span.end - span.begin);
}

bool IsMarked(const TaskScript& task, std::size_t number) {
  const std::size_t count = StatementCount(task);
  // A limit for each statement is measured from marker to marker.
  const std::size_t step = task.limits.statement_timeout.ms > 0 ? 1 : 1 + count / kMarkedStatements;
  return number % step == 0 || number == count;
}

std::string SqlName(std::string_view name) {
  return Quoted(name, '"');
}

std::string SqlQuote(std::string_view text) {
  return Quoted(text, '\'');
}

}  // namespace lockstep::client
