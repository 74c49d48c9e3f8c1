#include "apps/gpt-clean/rules/naturalness.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include <unicode/uchar.h>

#include "apps/gpt-clean/rules/alphabets.hpp"

namespace gpt::clean {
namespace {

enum class Kind : std::uint8_t {
  space,
  digit,
  mark,   // ASCII punctuation
  lower,  // Latin letters
  upper,
  accented_lower,
  accented_upper,
  cyrillic_lower,
  cyrillic_upper,
  greek_lower,
  greek_upper,
  ideograph,
  foreign,  // letters of all other scripts
  quote,    // and dashes, the ellipsis, trade marks: what follows a letter or comes before one
  low_quote,
  raised,  // degree, ordinals, exponents
  symbol,
  hyphen,  // the soft one
  joined,  // combining marks, joiners
  box,
  picture,
  control,
  unknown,  // unassigned, private
};

// Script of a letter, for telling mixed words.
int script_of(Kind kind) {
  switch (kind) {
    case Kind::lower:
    case Kind::upper:
    case Kind::accented_lower:
    case Kind::accented_upper:
      return 1;
    case Kind::cyrillic_lower:
    case Kind::cyrillic_upper:
      return 2;
    case Kind::greek_lower:
    case Kind::greek_upper:
      return 3;
    case Kind::ideograph:
      return 4;
    case Kind::foreign:
      return 5;
    default:
      return 0;
  }
}

bool is_letter(Kind kind) { return script_of(kind) != 0; }
bool is_upper(Kind kind) {
  return kind == Kind::upper || kind == Kind::accented_upper || kind == Kind::cyrillic_upper ||
         kind == Kind::greek_upper;
}
bool is_lower(Kind kind) {
  return kind == Kind::lower || kind == Kind::accented_lower || kind == Kind::cyrillic_lower ||
         kind == Kind::greek_lower;
}

Kind ascii_kind(char32_t point) {
  if (point == ' ' || (point >= '\t' && point <= '\r')) return Kind::space;
  if (point >= '0' && point <= '9') return Kind::digit;
  if (point >= 'a' && point <= 'z') return Kind::lower;
  if (point >= 'A' && point <= 'Z') return Kind::upper;
  return point < 0x20 || point == 0x7F ? Kind::control : Kind::mark;
}

Kind letter_kind(char32_t point, int category) {
  const bool upper = category == U_UPPERCASE_LETTER || category == U_TITLECASE_LETTER;
  if (point < 0x250 || (point >= 0x1E00 && point < 0x1F00)) {
    return upper ? Kind::accented_upper : Kind::accented_lower;
  }
  if (point >= 0x370 && point < 0x400) return upper ? Kind::greek_upper : Kind::greek_lower;
  if (point >= 0x400 && point < 0x530) return upper ? Kind::cyrillic_upper : Kind::cyrillic_lower;
  if ((point >= 0x2E80 && point < 0xA4D0) || (point >= 0xAC00 && point < 0xD7B0) ||
      (point >= 0xF900 && point < 0xFB00) || (point >= 0x20000 && point < 0x40000)) {
    return Kind::ideograph;
  }
  return Kind::foreign;
}

bool is_quote(char32_t point) {
  return point == 0xAB || point == 0xBB || (point >= 0x2010 && point <= 0x2019) || point == 0x201C ||
         point == 0x201D || point == 0x2022 || point == 0x2026 || point == 0x2039 || point == 0x203A ||
         point == 0x2122;
}

Kind kind_beyond_ascii(char32_t point) {
  if (point < 0xA0) return Kind::control;
  if (point == 0xA0 || (point >= 0x2000 && point <= 0x200A) || point == 0x202F || point == 0x3000) {
    return Kind::space;
  }
  if (point == 0xAD) return Kind::hyphen;
  if (is_quote(point)) return Kind::quote;
  if (point == 0x201A || point == 0x201E) return Kind::low_quote;
  if (point == 0xB0 || point == 0xB2 || point == 0xB3 || point == 0xB9 || point == 0xAA || point == 0xBA) {
    return Kind::raised;
  }
  if (point >= 0x2500 && point < 0x25A0) return Kind::box;
  if (point == 0x192) return Kind::symbol;  // the florin sign, by Unicode a letter
  const int category = u_charType(static_cast<UChar32>(point));
  switch (category) {
    case U_UPPERCASE_LETTER:
    case U_LOWERCASE_LETTER:
    case U_TITLECASE_LETTER:
    case U_OTHER_LETTER:
    case U_LETTER_NUMBER:
      return letter_kind(point, category);
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_COMBINING_SPACING_MARK:
    case U_FORMAT_CHAR:
      return Kind::joined;
    case U_DECIMAL_DIGIT_NUMBER:
      return Kind::digit;
    case U_UNASSIGNED:
    case U_PRIVATE_USE_CHAR:
    case U_SURROGATE:
      return Kind::unknown;
    default:
      break;
  }
  return point >= 0x2600 ? Kind::picture : Kind::symbol;
}

Kind compute_kind(char32_t point) { return point < 0x80 ? ascii_kind(point) : kind_beyond_ascii(point); }

Kind kind_of(char32_t point) {
  static const std::vector<Kind> table = [] {
    std::vector<Kind> kinds(0x2700);
    for (char32_t p = 0; p < kinds.size(); ++p) kinds[p] = compute_kind(p);
    return kinds;
  }();
  return point < table.size() ? table[point] : compute_kind(point);
}

// Letters of the many scripts that share U+0180 to U+0DFF but are hardly met.
bool is_rare(char32_t point) {
  if (point < 0x180) return point == 0x149 || point == 0x17F || point == 0x138;
  if (point < 0x250)
    return point != 0x192 && !(point >= 0x1CD && point <= 0x1DC) && (point < 0x1F8 || point > 0x21B);
  if (point < 0x300) return true;
  if (point < 0x370) return false;
  if (point < 0x400) return point > 0x3CE || point < 0x384;
  if (point < 0x530) return point > 0x45F && point != 0x490 && point != 0x491;
  if (point < 0x590) return true;
  if (point < 0x700)
    return point >= 0x64B && point != 0x67E && point != 0x686 && point != 0x698 && point != 0x6A9 &&
           point != 0x6AF && point != 0x6CC;
  return point < 0x900;
}

int oddness_alone(char32_t point, Kind kind) {
  if (kind == Kind::control) return 30;
  if (kind == Kind::unknown) return point == 0xF8FF ? 30 : 50;
  if (point == 0xFFFD) return 5;
  if (kind == Kind::joined && point >= 0x400 && point < 0x900)
    return 20;  // marks of scripts that few texts have
  if (point == 0xC3 || point == 0xC2) return 10;
  if (point == 0xE2) return 5;
  if (point >= 0x2900 && point < 0x2B00) return 50;  // further arrows and operators
  return is_letter(kind) && is_rare(point) ? 20 : 0;
}

int oddness_of_inner_capital(Kind first, Kind second) {
  if (second != Kind::upper) return 20;
  return first == Kind::lower ? 5 : 15;
}

int oddness_of_letters(char32_t a, Kind first, char32_t b, Kind second) {
  if (script_of(first) != script_of(second)) {
    return script_of(first) >= 4 || script_of(second) >= 4 ? 20 : 30;
  }
  if (b == 0x178 || b == 0xFF) return first == Kind::upper ? 0 : 20;  // Ÿ, ÿ
  if (b == 0x152 || b == 0x153) return a >= 0x80 ? 20 : 0;            // Œ, œ
  const bool both_beyond_ascii = a >= 0x80 && b >= 0x80;
  const int strange = both_beyond_ascii && (languages_writing(a) & languages_writing(b)) == 0 ? 25 : 0;
  if (is_lower(first) && is_upper(second)) return strange + oddness_of_inner_capital(first, second);
  return strange;
}

int oddness_after_letter(char32_t a, Kind first, char32_t b, Kind second) {
  switch (second) {
    case Kind::low_quote:
      return 20;
    case Kind::symbol:
      if (b == 0xB4 || b == 0xB7) return 10;  // acute accents as apostrophes; Catalan's dot
      return a >= 0x80 && b < 0x100 ? 25 : 20;
    case Kind::box:
      return 30;
    case Kind::raised:
      return is_upper(first) && a >= 0x80 ? 15 : 3;
    case Kind::hyphen:
      return is_upper(first) ? 15 : 0;
    default:
      return 0;
  }
}

int oddness_before_letter(char32_t a, Kind first, Kind second) {
  switch (first) {
    case Kind::symbol:
      return 10;
    case Kind::box:
      return 30;
    case Kind::raised:
      return is_lower(second) ? 15 : 5;
    case Kind::quote:
      return a == 0x2122 ? 10 : 0;
    default:
      return 0;
  }
}

// What the first bytes of common sequences look like before the next one, and hardly anything else does: the
// root and the low quotation mark in Mac Roman, box drawings in the code pages of DOS, and what code page 850
// makes of dashes and quotation marks.
bool is_sign_of_misreading(char32_t a, char32_t b, Kind second) {
  if (b < 0x80) return false;
  if (a == 0x201A) return b == 0xC4;
  if (a == 0xD4) return b == 0xC7;
  if (a == 0xAC) return b == 0xA3 || b == 0xA9 || b == 0xAA || b == 0xAE;
  if (a == 0x221A) {
    return second == Kind::symbol || second == Kind::quote || second == Kind::raised ||
           script_of(second) == 1;
  }

  return (a == 0x251C || a == 0x252C) && second != Kind::box && second != Kind::space;
}

// Marks of scripts from Hebrew on, which follow letters of these.
bool is_mark_gone_astray(Kind first, char32_t mark, Kind second) {
  const bool foreign_mark =
      second == Kind::joined && mark >= 0x590 && mark < 0xFB00 && !(mark >= 0x1AB0 && mark < 0x3000);
  return foreign_mark && (first == Kind::space || (script_of(first) >= 1 && script_of(first) <= 3));
}

int oddness_of_pair(char32_t a, Kind first, char32_t b, Kind second) {
  if (is_mark_gone_astray(first, b, second)) return 30;
  if (is_sign_of_misreading(a, b, second)) return 25;
  const bool from_letter = is_letter(first);
  const bool to_letter = is_letter(second);
  if (from_letter && to_letter) return oddness_of_letters(a, first, b, second);
  if (from_letter) {
    const int circumflex =
        (a == 0xE2 || a == 0x101) && b >= 0x80 && second != Kind::space ? 15 : 0;  // begins all punctuation
    return circumflex + oddness_after_letter(a, first, b, second);
  }
  if (to_letter) return oddness_before_letter(a, first, second);
  if (a == 0xAC && b >= 0x80 && second != Kind::space)
    return 15;  // a no-break space or guillemet in Mac Roman
  if (first == Kind::symbol && second == Kind::symbol) return 5;
  if (first == Kind::symbol && (second == Kind::quote || second == Kind::low_quote)) return 5;
  if (first == Kind::low_quote && second == Kind::symbol) return 10;
  if (first == Kind::quote && (second == Kind::symbol || second == Kind::picture))
    return a == 0x2122 ? 10 : 5;
  return 0;
}

// Of the character in the middle, by both its neighbours.
int oddness_between(Kind before, char32_t point, Kind kind, Kind after) {
  const bool enclosed = is_letter(before) && is_letter(after);
  if (kind == Kind::low_quote && enclosed) return 10;
  if (kind == Kind::quote && enclosed) {
    if (script_of(before) != script_of(after)) return 25;
    if (point == 0x2019 || (point >= 0x2010 && point <= 0x2014)) return 0;
    if (before == Kind::accented_upper && is_lower(after)) return 25;
    return point == 0x2026 ? 5 : 20;
  }
  if (is_letter(before) || is_letter(after)) return 0;
  if (point == 0xC3) return 15;
  if (point == 0xC2)
    return before == Kind::space && after == Kind::space ? 5 : 15;  // mostly follows a word or a number
  return kind == Kind::accented_upper && (after == Kind::quote || after == Kind::low_quote) ? 10 : 0;
}

}  // namespace

int oddness(std::span<const char32_t> points, char32_t before, char32_t after) {
  int total = 0;
  char32_t previous = before;
  Kind previous_kind = kind_of(before);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const char32_t point = points[i];
    const Kind kind = kind_of(point);
    const Kind next = kind_of(i + 1 < points.size() ? points[i + 1] : after);
    total += oddness_alone(point, kind) + oddness_of_pair(previous, previous_kind, point, kind) +
             oddness_between(previous_kind, point, kind, next);
    previous = point;
    previous_kind = kind;
  }
  return total + oddness_of_pair(previous, previous_kind, after, kind_of(after));
}

}  // namespace gpt::clean
