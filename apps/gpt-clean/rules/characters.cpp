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

// Joiners shape Arabic and Indic words and emoji; between Latin letters, spaces and punctuation they are
// rubbish.
bool is_joiner(char32_t point) { return point == 0x200C || point == 0x200D; }
bool is_latin(char32_t point) {
  return point < 0x250 || (point >= 0x1E00 && point < 0x1F00) || point == 0x1680 ||
         (point >= 0x2000 && point < 0x2150) || point == 0x3000;
}
// These belong to the letter before them.
bool is_mark(char32_t point) { return point >= 0x300 && point < 0x370; }

// The last character of a text that is no mark; `otherwise` where there is none.
char32_t last_letter(std::string_view text, char32_t otherwise) {
  while (!text.empty()) {
    const std::size_t at = text::point_before(text, text.size());
    const char32_t point = text::decode_utf8(text.substr(at)).point;
    if (!is_mark(point)) return point;
    text = text.substr(0, at);
  }
  return otherwise;
}

// What nobody sees between two characters.
struct UnseenRun {
  std::size_t length = 0;     // in bytes
  std::string joiners;        // in it
  char32_t following = U'a';  // the character behind it; at the end of the text it is as before a Latin one
};

UnseenRun unseen_run_at(std::string_view text) {
  UnseenRun run;
  while (run.length < text.size()) {
    const text::DecodedPoint decoded = text::decode_utf8(text.substr(run.length));
    if (!is_joiner(decoded.point) && !is_invisible(decoded.point)) {
      run.following = decoded.point;
      break;
    }
    if (is_joiner(decoded.point)) run.joiners.append(text, run.length, decoded.length);
    run.length += decoded.length;
  }
  return run;
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
      previous = last_letter(text.substr(at, next - at), previous);
      at = next;
      continue;
    }
    const text::DecodedPoint decoded = text::decode_utf8(text.substr(at));
    if (!is_joiner(decoded.point) && !is_invisible(decoded.point)) {
      out.append(text, at, decoded.length);
      if (!is_mark(decoded.point)) previous = decoded.point;
      at += decoded.length;
      continue;
    }
    const UnseenRun run = unseen_run_at(text.substr(at));
    if (!is_latin(previous) || !is_latin(run.following)) out += run.joiners;
    at += run.length;
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
  // A few marks become two in canonical form.
  if (text::has_mark_pile(document.text)) document.text = text::cut_mark_piles(document.text);
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
