#include "apps/gpt-clean/rules/characters.hpp"

#include <algorithm>

#include "libcommon/text/mark_piles.hpp"
#include "libcommon/text/normalize.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::clean {
namespace {

bool is_control(char32_t point) {
  if (point < 0x20) return !(point >= '\t' && point <= '\r');  // line ends are the white-space rule's
  return point >= 0x7F && point < 0xA0 && point != 0x85;
}

bool is_invisible(char32_t point) {
  return is_control(point) || point == 0xAD ||                                // soft hyphen
         point == 0x200B || point == 0x2060 ||                                // zero-width space, word joiner
         point == 0x200E || point == 0x200F ||                                // direction marks
         (point >= 0x202A && point <= 0x202E) ||                              // embeddings
         (point >= 0x2066 && point <= 0x2069) ||                              // isolates
         point == 0xFEFF ||                                                   // byte order mark
         (point >= 0xFFF9 && point <= 0xFFFB) ||                              // annotations
         (point >= 0xFDD0 && point <= 0xFDEF) || (point & 0xFFFE) == 0xFFFE;  // noncharacters
}

// Joiners shape Arabic and Indic words and emoji; between Latin letters they are rubbish.
bool is_joiner(char32_t point) { return point == 0x200C || point == 0x200D; }
bool is_latin(char32_t point) { return point < 0x250; }

char32_t last_point(std::string_view text) {
  return text::decode_utf8(text.substr(text::point_before(text, text.size()))).point;
}

// Bytes that can begin something invisible; most texts have few of them.
bool is_suspicious(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F || byte == 0xC2 || byte == 0xE2 ||
         byte >= 0xEF;
}

}  // namespace

std::string remove_invisible(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  char32_t previous = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto next = static_cast<std::size_t>(
        std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_suspicious) -
        text.begin());
    if (next > at) {
      out.append(text, at, next - at);
      previous = last_point(text.substr(at, next - at));
      at = next;
      continue;
    }
    const text::DecodedPoint decoded = text::decode_utf8(text.substr(at));
    if (is_joiner(decoded.point)) {
      const std::size_t after = at + decoded.length;
      const char32_t following = after < text.size() ? text::decode_utf8(text.substr(after)).point : U'a';
      if (!is_latin(previous) || !is_latin(following)) out.append(text, at, decoded.length);
    } else if (!is_invisible(decoded.point)) {
      out.append(text, at, decoded.length);
      previous = decoded.point;
    }
    at += decoded.length;
  }
  return out;
}

Outcome InvisibleCharactersRule::apply(WorkingDocument& document) {
  if (std::none_of(document.text.begin(), document.text.end(), is_suspicious)) return untouched();
  std::string cleaned = remove_invisible(document.text);
  if (cleaned.size() == document.text.size()) return untouched();
  document.text = std::move(cleaned);
  return changed();
}

Outcome NormalizationRule::apply(WorkingDocument& document) {
  const bool piled = text::has_mark_pile(document.text);
  if (!piled && text::is_normalized(document.text)) return untouched();
  document.text = text::normalize(piled ? text::cut_mark_piles(document.text) : document.text);
  return changed();
}

RuleKind invisible_characters_kind() {
  return {
      .name = "invisible-characters",
      .summary = "Control and zero-width characters, byte order marks, soft hyphens and direction marks go",
      .source = "",
      .unit = Rule::Unit::documents_changed,
      .parameters = {},
      .make = [](const Settings&) { return std::make_unique<InvisibleCharactersRule>(); }};
}

RuleKind normalization_kind() {
  return {
      .name = "normalization",
      .summary =
          "Letters and combining marks are composed (NFC); of more than 30 marks on one letter the rest goes",
      .source = "",
      .unit = Rule::Unit::documents_changed,
      .parameters = {},
      .make = [](const Settings&) { return std::make_unique<NormalizationRule>(); }};
}

}  // namespace gpt::clean
