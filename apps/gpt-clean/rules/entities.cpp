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

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// Whether the word that a text ends in looks like an address: there "&para=" and the like are no references.
bool ends_in_address(std::string_view text) {
  constexpr std::size_t kFarEnough = 256;
  const std::size_t stop = text.size() - std::min(text.size(), kFarEnough);
  for (std::size_t at = text.size(); at > stop && text[at - 1] > ' '; --at) {
    if (text[at - 1] == '?' || text[at - 1] == '/') return true;
  }
  return false;
}

// A letter of Latin-1 by a name of four to six letters ("auml", "Ccedil"), or a no-break space: these are
// often written without their ';' ("Sm&oumlrg&aringsbord"), and stand for hardly anything else.
std::optional<Reference> unclosed_reference_at(std::string_view text) {
  for (std::size_t length = 6; length >= 4; --length) {
    if (text.size() <= length) continue;
    const std::string_view name = text.substr(1, length);
    if (!std::all_of(name.begin(), name.end(), is_alphanumeric)) continue;
    const std::string_view meaning = entity_meaning(name);
    if (meaning.empty()) continue;
    const char32_t point = text::decode_utf8(meaning).point;
    const char next = text.size() > length + 1 ? text[length + 1] : ' ';
    const bool is_letter = point >= 0xC0 && point <= 0xFF && point != 0xD7 && point != 0xF7;
    const bool is_free_space = point == 0xA0 && name == "nbsp" && !is_alphanumeric(next);
    if ((is_letter || is_free_space) && next != '=') return Reference{std::string(meaning), length + 1};
  }
  return std::nullopt;
}

// What is decoded may be part of a reference itself ("&amp;lt;"), so that it is looked at again with what
// stands around it.
class EntityDecoder {
 public:
  explicit EntityDecoder(std::string_view text) : text_(text) { out_.reserve(text.size()); }

  std::string decode() && {
    while (at_ < text_.size()) {
      const std::size_t found = std::min(text_.find('&', at_), text_.size());
      out_.append(text_, at_, found - at_);
      at_ = found;
      if (at_ < text_.size()) decode_one();
    }
    return std::move(out_);
  }

 private:
  void decode_one() {
    const std::string_view rest = std::string_view(text_).substr(at_);
    auto reference = reference_at(rest);
    if (!reference) {
      reference = unclosed_reference_at(rest);
      if (reference && ends_in_address(out_)) reference.reset();
    }
    if (!reference) {
      out_.push_back(text_[at_++]);
      return;
    }
    out_ += reference->meaning;
    at_ += reference->length;
    if (reference->meaning.size() == 1 && may_be_in_reference(reference->meaning[0])) take_back();
  }

  static bool may_be_in_reference(char c) { return is_alphanumeric(c) || c == '#' || c == ';' || c == '&'; }

  // Puts what may be the beginning of a reference, or of two for a surrogate pair, before what is left. It
  // was read from there, in as many bytes or more.
  void take_back() {
    const std::size_t farthest = out_.size() - std::min(out_.size(), 2 * (kLongestEntityName + 2));
    std::size_t begin = out_.size();
    for (std::size_t at = out_.size(); at > farthest && may_be_in_reference(out_[at - 1]); --at) {
      if (out_[at - 1] == '&') begin = at - 1;
    }
    const std::size_t length = out_.size() - begin;
    at_ -= length;
    text_.replace(at_, length, out_, begin, length);
    out_.resize(begin);
  }

  std::string text_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string decode_entities(std::string_view text) { return EntityDecoder(text).decode(); }

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
