#include "apps/gpt-clean/rules/plain_forms.hpp"

#include "libcommon/text/normalize.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::clean {
namespace {

// Adds the compatibility forms that Unicode gives for a range of characters.
void add_range(PlainForms& forms, char32_t first, char32_t last) {
  for (char32_t point = first; point <= last; ++point) {
    std::string character;
    text::append_utf8(character, point);
    std::string plain = text::normalize(character, text::NormalForm::nfkc);
    if (plain != character) forms.emplace(point, std::move(plain));
  }
}

}  // namespace

const PlainForms& straight_quotes() {
  static const PlainForms forms = {{0x2BC, "'"},   {0x2018, "'"},  {0x2019, "'"},
                                   {0x201A, "'"},  {0x201B, "'"},  {0x201C, "\""},
                                   {0x201D, "\""}, {0x201E, "\""}, {0x201F, "\""}};
  return forms;
}

const PlainForms& ligature_letters() {
  static const PlainForms forms = [] {
    PlainForms made;
    add_range(made, 0x132, 0x133);  // Dutch ij
    add_range(made, 0x149, 0x149);  // Afrikaans 'n
    add_range(made, 0x1C4, 0x1CC);  // Croatian letters of two
    add_range(made, 0x1F1, 0x1F3);
    add_range(made, 0xFB00, 0xFB06);  // ff, fi, fl, ffi, ffl, st
    return made;
  }();
  return forms;
}

const PlainForms& normal_widths() {
  static const PlainForms forms = [] {
    PlainForms made;
    add_range(made, 0x3000, 0x3000);
    add_range(made, 0xFF01, 0xFFEE);
    return made;
  }();
  return forms;
}

std::string replace_characters(std::string_view text, const PlainForms& forms) {
  const char32_t least = forms.begin()->first;
  std::string out;
  out.reserve(text.size());
  text::for_each_code_point(text, [&](char32_t point, std::size_t begin, std::size_t length) {
    const auto found = point < least ? forms.end() : forms.find(point);
    if (found == forms.end()) {
      out.append(text, begin, length);
    } else {
      out += found->second;
    }
  });
  return out;
}

PlainFormsRule::PlainFormsRule(std::string_view name, const PlainForms& forms)
    : Rule(name, Unit::documents_changed), forms_(forms) {}

Outcome PlainFormsRule::apply(WorkingDocument& document) {
  std::string replaced = replace_characters(document.text, forms_);
  if (replaced == document.text) return untouched();
  document.text = std::move(replaced);
  return changed();
}

RuleKind straight_quotes_kind() {
  return {.name = "straight-quotes",
          .summary = "Curly quotation marks and apostrophes become those of typewriters",
          .source = "ftfy's uncurl_quotes",
          .unit = Rule::Unit::documents_changed,
          .parameters = {},
          .make = [](const Settings&) {
            return std::make_unique<PlainFormsRule>("straight-quotes", straight_quotes());
          }};
}

RuleKind ligatures_kind() {
  return {.name = "ligatures",
          .summary = "Latin ligatures become the letters they are made of",
          .source = "ftfy's fix_latin_ligatures",
          .unit = Rule::Unit::documents_changed,
          .parameters = {},
          .make = [](const Settings&) {
            return std::make_unique<PlainFormsRule>("ligatures", ligature_letters());
          }};
}

RuleKind character_width_kind() {
  return {.name = "character-width",
          .summary = "Full-width Latin letters and half-width kana take their normal width",
          .source = "ftfy's fix_character_width",
          .unit = Rule::Unit::documents_changed,
          .parameters = {},
          .make = [](const Settings&) {
            return std::make_unique<PlainFormsRule>("character-width", normal_widths());
          }};
}

}  // namespace gpt::clean
