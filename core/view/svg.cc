#include "core/view/svg.h"

#include "core/base/check.h"
#include "core/base/utf8.h"

namespace lockstep::view {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

}  // namespace

std::string Escape(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const base::CodePoint decoded = base::DecodeUtf8(text, at);
    const std::size_t length = decoded.length == 0 ? 1 : decoded.length;
    const std::string_view raw = text.substr(at, length);
    at += length;
    if (raw == "\n" || raw == "\t" || raw == "\r") {
      out += ' ';
    } else if (decoded.length == 0 || base::IsHarmful(decoded.value)) {
      out += kReplacement;
    } else if (raw == "&") {
      out += "&amp;";
    } else if (raw == "<") {
      out += "&lt;";
    } else if (raw == ">") {
      out += "&gt;";
    } else if (raw == "\"") {
      out += "&quot;";
    } else {
      out += raw;
    }
  }
  return out;
}

std::string Number(Tenths length) {
  const std::uint64_t size = length < 0 ? 0 - static_cast<std::uint64_t>(length) : length;
  std::string text = (length < 0 ? "-" : "") + std::to_string(size / 10);
  if (size % 10 != 0) text += "." + std::to_string(size % 10);
  return text;
}

void Svg::Attribute(std::string_view name, Tenths value) {
  out_.append(" ").append(name).append("=\"").append(Number(value)).append("\"");
}

void Svg::Begin(std::string_view element, std::string_view css_class) {
  out_.append("<").append(element);
  if (!css_class.empty()) out_.append(" class=\"").append(css_class).append("\"");
}

Svg& Svg::Open(std::string_view element, std::string_view attributes) {
  out_.append("<").append(element).append(attributes).append(">");
  open_.append(" ").append(element);
  return *this;
}

Svg& Svg::Close() {
  const std::size_t blank = open_.rfind(' ');
  LOCKSTEP_CHECK(blank != std::string::npos, "no element is open");
  out_.append("</").append(open_, blank + 1).append(">");
  if (open_.find(' ') == blank || blank == open_.find(' ', 1)) out_ += '\n';
  open_.resize(blank);
  return *this;
}

Svg& Svg::Title(std::string_view text) {
  out_.append("<title>").append(Escape(text)).append("</title>");
  return *this;
}

Svg& Svg::Rect(std::string_view css_class, Tenths x, Tenths y, Tenths width, Tenths height,
               Tenths radius) {
  Begin("rect", css_class);
  Attribute("x", x);
  Attribute("y", y);
  Attribute("width", width);
  Attribute("height", height);
  if (radius != 0) Attribute("rx", radius);
  out_ += "/>";
  return *this;
}

Svg& Svg::Text(std::string_view css_class, Tenths x, Tenths y, std::string_view text) {
  Begin("text", css_class);
  Attribute("x", x);
  Attribute("y", y);
  out_.append(">").append(Escape(text)).append("</text>");
  return *this;
}

Svg& Svg::Path(std::string_view css_class, std::string_view d) {
  Begin("path", css_class);
  out_.append(" d=\"").append(d).append("\"/>");
  return *this;
}

}  // namespace lockstep::view
