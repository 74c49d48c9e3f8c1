#include "apps/gpt-clean/rules/entities.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "libcommon/text/utf8.hpp"
#include "libcommon/text/windows1252.hpp"

namespace gpt::clean {
namespace {

using Named = std::pair<std::string_view, char32_t>;

// HTML 4's names, in byte order: Latin-1, punctuation and symbols, Latin Extended; without Greek and
// mathematics, which are hardly ever left over in prose.
constexpr std::array kNamed = {
    Named{"AElig", 0xC6},    Named{"Aacute", 0xC1},   Named{"Acirc", 0xC2},    Named{"Agrave", 0xC0},
    Named{"Aring", 0xC5},    Named{"Atilde", 0xC3},   Named{"Auml", 0xC4},     Named{"Ccedil", 0xC7},
    Named{"Dagger", 0x2021}, Named{"ETH", 0xD0},      Named{"Eacute", 0xC9},   Named{"Ecirc", 0xCA},
    Named{"Egrave", 0xC8},   Named{"Euml", 0xCB},     Named{"Iacute", 0xCD},   Named{"Icirc", 0xCE},
    Named{"Igrave", 0xCC},   Named{"Iuml", 0xCF},     Named{"Ntilde", 0xD1},   Named{"OElig", 0x152},
    Named{"Oacute", 0xD3},   Named{"Ocirc", 0xD4},    Named{"Ograve", 0xD2},   Named{"Oslash", 0xD8},
    Named{"Otilde", 0xD5},   Named{"Ouml", 0xD6},     Named{"Scaron", 0x160},  Named{"THORN", 0xDE},
    Named{"Uacute", 0xDA},   Named{"Ucirc", 0xDB},    Named{"Ugrave", 0xD9},   Named{"Uuml", 0xDC},
    Named{"Yacute", 0xDD},   Named{"Yuml", 0x178},    Named{"aacute", 0xE1},   Named{"acirc", 0xE2},
    Named{"acute", 0xB4},    Named{"aelig", 0xE6},    Named{"agrave", 0xE0},   Named{"amp", '&'},
    Named{"apos", '\''},     Named{"aring", 0xE5},    Named{"atilde", 0xE3},   Named{"auml", 0xE4},
    Named{"bdquo", 0x201E},  Named{"brvbar", 0xA6},   Named{"bull", 0x2022},   Named{"ccedil", 0xE7},
    Named{"cedil", 0xB8},    Named{"cent", 0xA2},     Named{"circ", 0x2C6},    Named{"copy", 0xA9},
    Named{"curren", 0xA4},   Named{"dagger", 0x2020}, Named{"deg", 0xB0},      Named{"divide", 0xF7},
    Named{"eacute", 0xE9},   Named{"ecirc", 0xEA},    Named{"egrave", 0xE8},   Named{"emsp", 0x2003},
    Named{"ensp", 0x2002},   Named{"eth", 0xF0},      Named{"euml", 0xEB},     Named{"euro", 0x20AC},
    Named{"frac12", 0xBD},   Named{"frac14", 0xBC},   Named{"frac34", 0xBE},   Named{"gt", '>'},
    Named{"hellip", 0x2026}, Named{"iacute", 0xED},   Named{"icirc", 0xEE},    Named{"iexcl", 0xA1},
    Named{"igrave", 0xEC},   Named{"iquest", 0xBF},   Named{"iuml", 0xEF},     Named{"laquo", 0xAB},
    Named{"larr", 0x2190},   Named{"ldquo", 0x201C},  Named{"lrm", 0x200E},    Named{"lsaquo", 0x2039},
    Named{"lsquo", 0x2018},  Named{"lt", '<'},        Named{"macr", 0xAF},     Named{"mdash", 0x2014},
    Named{"micro", 0xB5},    Named{"middot", 0xB7},   Named{"minus", 0x2212},  Named{"nbsp", 0xA0},
    Named{"ndash", 0x2013},  Named{"not", 0xAC},      Named{"ntilde", 0xF1},   Named{"oacute", 0xF3},
    Named{"ocirc", 0xF4},    Named{"oelig", 0x153},   Named{"ograve", 0xF2},   Named{"ordf", 0xAA},
    Named{"ordm", 0xBA},     Named{"oslash", 0xF8},   Named{"otilde", 0xF5},   Named{"ouml", 0xF6},
    Named{"para", 0xB6},     Named{"permil", 0x2030}, Named{"plusmn", 0xB1},   Named{"pound", 0xA3},
    Named{"quot", '"'},      Named{"raquo", 0xBB},    Named{"rarr", 0x2192},   Named{"rdquo", 0x201D},
    Named{"reg", 0xAE},      Named{"rlm", 0x200F},    Named{"rsaquo", 0x203A}, Named{"rsquo", 0x2019},
    Named{"sbquo", 0x201A},  Named{"scaron", 0x161},  Named{"sect", 0xA7},     Named{"shy", 0xAD},
    Named{"sup1", 0xB9},     Named{"sup2", 0xB2},     Named{"sup3", 0xB3},     Named{"szlig", 0xDF},
    Named{"thinsp", 0x2009}, Named{"thorn", 0xFE},    Named{"tilde", 0x2DC},   Named{"times", 0xD7},
    Named{"trade", 0x2122},  Named{"uacute", 0xFA},   Named{"ucirc", 0xFB},    Named{"ugrave", 0xF9},
    Named{"uml", 0xA8},      Named{"uuml", 0xFC},     Named{"yacute", 0xFD},   Named{"yen", 0xA5},
    Named{"yuml", 0xFF},     Named{"zwj", 0x200D},    Named{"zwnj", 0x200C},
};
static_assert(std::is_sorted(kNamed.begin(), kNamed.end()), "names are looked up by halving");
constexpr std::size_t kLongestName = 8;

std::optional<char32_t> named_point(std::string_view name) {
  const auto found =
      std::lower_bound(kNamed.begin(), kNamed.end(), name,
                       [](const Named& entry, std::string_view wanted) { return entry.first < wanted; });
  if (found == kNamed.end() || found->first != name) return std::nullopt;
  return found->second;
}

// digits: behind "#", "229" or "xE5". 128 to 159 mean Windows-1252, as in browsers.
std::optional<char32_t> numbered_point(std::string_view digits) {
  int base = 10;
  if (!digits.empty() && (digits.front() == 'x' || digits.front() == 'X')) {
    base = 16;
    digits.remove_prefix(1);
  }
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  if (value >= 0x80 && value < 0xA0) return text::windows1252_point(static_cast<unsigned char>(value));
  const bool is_character = value >= 0x20 && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
  if (!is_character && value != '\t' && value != '\n' && value != '\r') return std::nullopt;
  return value;
}

// The character reference at the front of a text that begins with '&', and its length.
std::optional<std::pair<char32_t, std::size_t>> reference_at(std::string_view text) {
  const std::string_view window = text.substr(1, kLongestName + 3);
  const std::size_t end = window.find(';');
  if (end == std::string_view::npos || end == 0) return std::nullopt;
  const std::string_view body = window.substr(0, end);
  const auto point = body.front() == '#' ? numbered_point(body.substr(1)) : named_point(body);
  if (!point) return std::nullopt;
  return std::pair{*point, end + 2};
}

std::string decode_once(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find('&'), text.size());
    out.append(text, 0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    if (const auto reference = reference_at(text)) {
      text::append_utf8(out, reference->first);
      text.remove_prefix(reference->second);
    } else {
      out.push_back('&');
      text.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace

std::string decode_entities(std::string_view text) {
  std::string once = decode_once(text);
  return once == text ? once : decode_once(once);
}

Outcome EntitiesRule::apply(WorkingDocument& document) {
  if (document.text.find('&') == std::string::npos) return untouched();
  std::string decoded = decode_entities(document.text);
  if (decoded == document.text) return untouched();
  document.text = std::move(decoded);
  return changed();
}

RuleKind html_entities_kind() {
  return {.name = "html-entities",
          .summary = "Character references of HTML that were left in the text are decoded",
          .source = "",
          .unit = Rule::Unit::documents_changed,
          .parameters = {},
          .make = [](const Settings&) { return std::make_unique<EntitiesRule>(); }};
}

}  // namespace gpt::clean
