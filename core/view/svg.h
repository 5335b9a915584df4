// Svg: an SVG document, one element after the other. Whatever a plan says passes through Escape, so
// that no title of a plan can become markup. Lengths are tenths of a pixel: integers, because equal
// drawings must be equal bytes on every machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lockstep::view {

using Tenths = std::int64_t;
constexpr Tenths Px(std::int64_t pixels) {
  return pixels * 10;
}

/// For element content and for attributes in double quotes, in XML and in HTML. Control and
/// invisible characters (base/utf8.h, IsHarmful) become U+FFFD, line ends and tabs a blank.
std::string Escape(std::string_view text);
/// "12", "12.5"
std::string Number(Tenths length);

/// Elements are written as they come; `Close` ends the one that was opened last.
class Svg {
 public:
  /// `attributes` as they stand: ` class="task"`.
  Svg& Open(std::string_view element, std::string_view attributes);
  Svg& Close();
  Svg& Title(std::string_view text);
  Svg& Rect(std::string_view css_class, Tenths x, Tenths y, Tenths width, Tenths height,
            Tenths radius = 0);
  Svg& Text(std::string_view css_class, Tenths x, Tenths y, std::string_view text);
  /// `d` of a path, as it stands.
  Svg& Path(std::string_view css_class, std::string_view d);
  std::string Take() { return std::move(out_); }

 private:
  void Attribute(std::string_view name, Tenths value);
  void Begin(std::string_view element, std::string_view css_class);

  std::string out_;
  std::string open_;  // the elements that are open, each with a blank before it
};

}  // namespace lockstep::view
