#include "apps/gpt-clean/rules/line_rules.hpp"

#include <algorithm>
#include <memory>

#include "apps/gpt-clean/rules/phrase_setting.hpp"
#include "apps/gpt-clean/rules/word_lists.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::clean {
namespace {

constexpr const char* kC4 = "Raffel et al. 2020 (C4), section 2.2";
constexpr const char* kC4Program = "c4_utils.py of TensorFlow Datasets, the program that made C4";

LineTest without_terminal_punctuation(const Settings& settings) {
  return [marks = settings.list_or_throw("marks")](const LineView& line) {
    const std::string_view text = line.text();
    if (text.ends_with("...")) return true;
    return std::none_of(marks.begin(), marks.end(),
                        [&](const std::string& mark) { return text.ends_with(mark); });
  };
}

LineTest of_few_words(const Settings& settings) {
  return [least = settings.count_or_throw("min")](const LineView& line) { return line.line.words < least; };
}

LineTest with_long_word(const Settings& settings) {
  return [most = settings.count_or_throw("max")](const LineView& line) {
    if (line.line.length <= most) return false;
    const auto& words = line.document.tables().words();
    const auto first = words.begin() + line.line.first_word;
    return std::any_of(first, first + line.line.words,
                       [&](const Word& word) { return word.characters > most; });
  };
}

bool has_at_most(std::string_view text, std::size_t characters) {
  return text.size() <= 4 * characters && text::count_code_points(text) <= characters;
}

LineTest with_phrase(const Settings& settings) {
  auto finder = std::make_shared<const PhraseFinder>(finder_or_throw(settings, "phrases"));
  return [finder, most = settings.count_or_throw("max-characters")](const LineView& line) {
    return (most == 0 || has_at_most(line.text(), most)) && finder->occurs_in(line.text());
  };
}

LineTest with_boilerplate(const Settings& settings) {
  std::vector<std::string> phrases = settings.list_or_throw("phrases");
  for (const std::string& language : settings.list_or_throw("languages")) {
    const auto list = shared_list("boilerplate/" + language + ".txt");
    if (list.empty()) settings.refuse("languages", "covered: share/boilerplate has no list for " + language);
    phrases.insert(phrases.end(), list.begin(), list.end());
  }
  auto finder = std::make_shared<const PhraseFinder>(finder_or_throw(settings, "phrases", phrases));
  return [finder, most = settings.count_or_throw("max-characters")](const LineView& line) {
    return has_at_most(line.text(), most) && finder->occurs_in(line.text());
  };
}

}  // namespace

RuleKind terminal_punctuation_kind() {
  return line_filter_kind(
      "terminal-punctuation",
      "Drops lines that do not end with a mark that ends sentences, or that trail off in ...", kC4,
      {{"marks", ".,?,!,\",',”,’,»", "the marks"}}, without_terminal_punctuation);
}

RuleKind words_per_line_kind() {
  return line_filter_kind("words-per-line", "Drops lines with few words", kC4,
                          {{"min", "5", "least number of words of a line"}}, of_few_words);
}

RuleKind long_words_kind() {
  return line_filter_kind("long-words", "Drops lines with a word of very many characters", kC4Program,
                          {{"max", "1000", "most characters of a word"}}, with_long_word);
}

RuleKind javascript_lines_kind() {
  return line_filter_kind("javascript-lines", "Drops lines that speak of JavaScript", kC4,
                          {{"phrases", "javascript", "what such lines hold, in whatever case"},
                           {"max-characters", "0", "longer lines stay whatever they hold; 0: none does"}},
                          with_phrase);
}

RuleKind policy_lines_kind() {
  return line_filter_kind(
      "policy-lines", "Drops lines on cookies, privacy and terms of use", kC4Program,
      {{"phrases", "terms of use,privacy policy,cookie policy,uses cookies,use of cookies,use cookies",
        "what such lines hold, in whatever case"},
       {"max-characters", "0", "longer lines stay whatever they hold; 0: none does"}},
      with_phrase);
}

RuleKind boilerplate_lines_kind() {
  return line_filter_kind(
      "boilerplate-lines",
      "Drops short lines with what pages say beside their text: share, log in, cookies, rights", "",
      {{"languages", "sv,da,nb,nn,fi,is,en", "whose lists in share/boilerplate are used"},
       {"phrases", "", "further phrases"},
       {"max-characters", "160", "longer lines stay whatever they hold"}},
      with_boilerplate);
}

}  // namespace gpt::clean
