#include "apps/gpt-clean/rules/entities.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <unicode/uchar.h>

#include "apps/gpt-clean/rules/entity_names.hpp"
#include "libcommon/text/utf8.hpp"
#include "libcommon/text/windows1252.hpp"

namespace gpt::clean {
namespace {

struct Reference {
  std::string meaning;
  std::size_t length = 0;  // of the text it takes, from '&' to ';'
};

// What stands between the '&' at the front of a text and its ';'; empty where there is no such thing near.
std::string_view body_at(std::string_view text) {
  const std::string_view window = text.substr(1, kLongestEntityName + 1);
  const std::size_t end = window.find(';');
  return end == std::string_view::npos ? std::string_view() : window.substr(0, end);
}

// The number of "#229" or "#xE5".
std::optional<std::uint32_t> number_of(std::string_view body) {
  if (!body.starts_with('#')) return std::nullopt;
  std::string_view digits = body.substr(1);
  int base = 10;
  if (digits.starts_with('x') || digits.starts_with('X')) {
    base = 16;
    digits.remove_prefix(1);
  }
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

// 128 to 159 mean Windows-1252, as in browsers.
std::optional<char32_t> numbered_point(std::uint32_t value) {
  if (value >= 0x80 && value < 0xA0) return text::windows1252_point(static_cast<unsigned char>(value));
  const bool is_character = value >= 0x20 && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
  if (!is_character && value != '\t' && value != '\n' && value != '\r') return std::nullopt;
  return value;
}

// Two references to the halves of a surrogate pair, as programs that count in 16 bits write them.
std::optional<Reference> surrogate_pair_at(std::string_view text, std::uint32_t high, std::size_t length) {
  const std::string_view rest = text.substr(length);
  if (!rest.starts_with('&')) return std::nullopt;
  const std::string_view body = body_at(rest);
  const auto low = number_of(body);
  if (!low || *low < 0xDC00 || *low > 0xDFFF) return std::nullopt;
  Reference reference{{}, length + body.size() + 2};
  text::append_utf8(reference.meaning, 0x10000 + ((high - 0xD800) << 10) + (*low - 0xDC00));
  return reference;
}

// "&EACUTE;", which HTML does not know: text in capitals was escaped before it was made so. Only where the
// small form is one letter; "&SZLIG;" is "SS".
std::string meaning_in_capitals(std::string_view name) {
  if (name.size() < 4 ||
      !std::all_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) {
    return {};
  }
  std::string small(name);
  for (char& c : small) c = static_cast<char>(c - 'A' + 'a');
  const std::string_view meaning = entity_meaning(small);
  if (meaning == "\u00DF") return "SS";
  if (meaning.empty()) return {};
  const text::DecodedPoint letter = text::decode_utf8(meaning);
  const auto upper = static_cast<char32_t>(u_toupper(static_cast<UChar32>(letter.point)));
  if (letter.length != meaning.size() || upper == letter.point || letter.point > 0x17F) return {};
  std::string out;
  text::append_utf8(out, upper);
  return out;
}

// The character reference at the front of a text that begins with '&'.
std::optional<Reference> reference_at(std::string_view text) {
  const std::string_view body = body_at(text);
  if (body.empty()) return std::nullopt;
  Reference reference{std::string(entity_meaning(body)), body.size() + 2};
  if (const auto number = number_of(body)) {
    if (*number >= 0xD800 && *number < 0xDC00) return surrogate_pair_at(text, *number, reference.length);
    const auto point = numbered_point(*number);
    if (!point) return std::nullopt;
    text::append_utf8(reference.meaning, *point);
  } else if (reference.meaning.empty()) {
    reference.meaning = meaning_in_capitals(body);
  }
  if (reference.meaning.empty()) return std::nullopt;
  return reference;
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
      out += reference->meaning;
      text.remove_prefix(reference->length);
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
          .source = "the names of the HTML standard",
          .unit = Rule::Unit::documents_changed,
          .parameters = {},
          .make = [](const Settings&) { return std::make_unique<EntitiesRule>(); }};
}

}  // namespace gpt::clean
