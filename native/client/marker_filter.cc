#include "native/client/marker_filter.h"

#include <array>
#include <charconv>

namespace lockstep::client {
namespace {

std::string FromHex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned value = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
    bytes += static_cast<char>(value);
  }
  return bytes;
}

/// Cuts the part before `separator` off `rest`.
std::string_view TakeUntil(std::string_view& rest, char separator) {
  const std::size_t at = rest.find(separator);
  const std::string_view part = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return part;
}

template <class Number>
Number ToNumber(std::string_view text) {
  Number value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

MarkerRow ReadRow(std::string_view fields) {
  MarkerRow row;
  for (std::string* field :
       std::array{&row.task, &row.sheet, &row.sheet_sha256, &row.run, &row.runner, &row.statements,
                  &row.started_at, &row.done_at}) {
    *field = FromHex(TakeUntil(fields, '.'));
  }
  return row;
}

std::string* FieldOf(MarkerRow& row, std::string_view column) {
  if (column == "task") return &row.task;
  if (column == "sheet") return &row.sheet;
  if (column == "sheet_sha256") return &row.sheet_sha256;
  if (column == "run") return &row.run;
  if (column == "runner") return &row.runner;
  if (column == "statements") return &row.statements;
  if (column == "started_at") return &row.started_at;
  if (column == "done_at") return &row.done_at;
  return nullptr;
}

StepRow ReadStep(std::string_view fields) {
  StepRow step;
  step.first = ToNumber<std::uint32_t>(TakeUntil(fields, ' '));
  step.last = ToNumber<std::uint32_t>(TakeUntil(fields, ' '));
  step.done = TakeUntil(fields, ' ') == "done";
  step.text_digest = TakeUntil(fields, ' ');
  step.before = TakeUntil(fields, ' ');
  return step;
}

}  // namespace

std::string_view MarkerLog::fact(std::string_view name) const {
  for (const auto& [known, value] : facts) {
    if (known == name) return value;
  }
  return {};
}

std::string MarkerPrefix(std::string_view nonce) {
  return "@@lockstep:" + std::string(nonce) + " ";
}

MarkerFilter::MarkerFilter(std::string_view nonce) : prefix_(MarkerPrefix(nonce)) {}

bool MarkerFilter::Feed(std::string_view chunk, std::string& output) {
  // Nothing held and no '@': the common case of large output costs one memchr.
  if (held_.empty() && chunk.find('@') == std::string_view::npos) {
    output += chunk;
    return false;
  }
  held_ += chunk;
  bool came = false;
  std::string_view rest = held_;
  for (;;) {
    const std::size_t at = rest.find(prefix_);
    if (at == std::string_view::npos) break;
    const std::size_t end = rest.find('\n', at);
    output += rest.substr(0, at);
    rest.remove_prefix(at);
    if (end == std::string_view::npos) {  // a marker without its end yet
      held_ = std::string(rest);
      return came;
    }
    std::string_view marker = rest.substr(prefix_.size(), end - at - prefix_.size());
    // Some clients fill a column up to its width.
    while (marker.ends_with('\r') || marker.ends_with(' ')) marker.remove_suffix(1);
    Take(marker);
    came = true;
    rest.remove_prefix(end + 1 - at);
  }
  // Keep the longest end that could become a marker.
  std::size_t keep = std::min(rest.size(), prefix_.size() - 1);
  while (keep > 0 && !std::string_view(prefix_).starts_with(rest.substr(rest.size() - keep)))
    --keep;
  output += rest.substr(0, rest.size() - keep);
  held_ = std::string(rest.substr(rest.size() - keep));
  return came;
}

void MarkerFilter::Finish(std::string& output) {
  output += held_;
  held_.clear();
}

void MarkerFilter::Take(std::string_view marker) {
  const std::string_view kind = TakeUntil(marker, ' ');
  if (kind == "start") log_.started = true;
  if (kind == "precommit") log_.precommit = true;
  if (kind == "committed") log_.committed = true;
  if (kind == "row") log_.row = ReadRow(marker);
  if (kind == "done") {
    log_.statements_done = ToNumber<std::uint32_t>(TakeUntil(marker, ' '));
    if (marker.starts_with('+')) {
      log_.rows += ToNumber<std::int64_t>(marker.substr(1));
    } else if (!marker.empty()) {
      log_.rows = ToNumber<std::int64_t>(marker);
    }
  }
  if (kind == "step") log_.steps.push_back(ReadStep(marker));
  if (kind == "column") {
    const std::string_view name = TakeUntil(marker, ' ');
    if (!log_.row) log_.row.emplace();
    if (std::string* field = FieldOf(*log_.row, name)) *field = marker;
  }
  if (kind == "fact") {
    const std::string_view name = TakeUntil(marker, ' ');
    log_.facts.emplace_back(name, FromHex(marker));
  }
}

}  // namespace lockstep::client
