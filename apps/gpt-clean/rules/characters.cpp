#include "apps/gpt-clean/rules/characters.hpp"

#include <algorithm>
#include <utility>

#include <unicode/uchar.h>

#include "libcommon/text/mark_piles.hpp"
#include "libcommon/text/normalize.hpp"
#include "libcommon/text/utf8.hpp"
#include "libcommon/text/whitespace.hpp"

namespace gpt::clean {
namespace {

bool is_control(char32_t point) {
  if (point < 0x20) return !(point >= '\t' && point <= '\r');  // line ends are the white-space rule's
  return point >= 0x7F && point < 0xA0 && point != 0x85;
}

bool is_invisible(char32_t point) {
  return is_control(point) || point == 0xAD ||                    // soft hyphen
         point == 0x200B || point == 0x2060 ||                    // zero-width space, word joiner
         (point >= 0x2061 && point <= 0x2064) ||                  // invisible operators
         point == 0x200E || point == 0x200F || point == 0x61C ||  // direction marks
         (point >= 0x202A && point <= 0x202E) ||                  // embeddings
         (point >= 0x2066 && point <= 0x206F) ||                  // isolates, old format marks
         point == 0xFEFF ||                                       // byte order mark
         (point >= 0xFFF9 && point <= 0xFFFC) ||                  // annotations, what stood for a picture
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

bool is_variation_selector(char32_t point) {
  return (point >= 0xFE00 && point <= 0xFE0F) || (point >= 0xE0100 && point <= 0xE01EF);
}

// Selectors choose a form of signs, digits and ideographs; anywhere else they say nothing, or hide something.
bool may_be_varied(char32_t point) {
  if (is_variation_selector(point) || text::is_space(point) || text::is_line_end(point) || point == 0)
    return false;
  return point >= 0x250 || !u_isalpha(static_cast<UChar32>(point));
}

// Tags spell the names of flags behind a black one.
bool is_tag(char32_t point) { return point >= 0xE0001 && point <= 0xE007F; }
bool may_be_tagged(char32_t point) { return point == 0x1F3F4 || is_tag(point); }

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

// Bytes that can begin something invisible; most texts have few of them.
bool is_suspicious(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F || byte == 0xC2 || byte == 0xD8 ||
         byte == 0xE2 || byte >= 0xEF;
}

// What stays of a text, piece by piece.
class VisibleText {
 public:
  explicit VisibleText(std::size_t size) { out_.reserve(size); }

  // A piece that holds nothing invisible, and its first character.
  void append(std::string_view piece, char32_t first) {
    if (!is_latin(previous_) || !is_latin(first)) out_ += joiners_;
    joiners_.clear();
    out_ += piece;
    previous_ = last_letter(piece, previous_);
  }

  void append_suspicious(std::string_view character, char32_t point) {
    if (is_joiner(point)) {
      joiners_ += character;  // the next character decides
    } else if (is_variation_selector(point)
                   ? may_be_varied(previous_)
                   : !is_invisible(point) && (!is_tag(point) || may_be_tagged(previous_))) {
      append(character, point);
    }
  }

  std::string finish() && {
    append({}, U'a');
    return std::move(out_);
  }

 private:
  std::string out_;
  std::string joiners_;
  char32_t previous_ = 0;  // but for marks
};

}  // namespace

std::string remove_invisible(std::string_view text) {
  VisibleText out(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto next = static_cast<std::size_t>(
        std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_suspicious) -
        text.begin());
    const text::DecodedPoint decoded = text::decode_utf8(text.substr(at));
    if (next > at) {
      out.append(text.substr(at, next - at), decoded.point);
      at = next;
    } else {
      out.append_suspicious(text.substr(at, decoded.length), decoded.point);
      at += decoded.length;
    }
  }
  return std::move(out).finish();
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
