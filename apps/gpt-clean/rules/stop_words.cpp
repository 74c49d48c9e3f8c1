#include "apps/gpt-clean/rules/stop_words.hpp"

#include <map>
#include <memory>
#include <utility>

#include "apps/gpt-clean/rules/language.hpp"
#include "apps/gpt-clean/rules/word_keys.hpp"
#include "apps/gpt-clean/rules/word_lists.hpp"

namespace gpt::clean {
namespace {

constexpr std::string_view kEnglish = "the\nbe\nto\nof\nand\nthat\nhave\nwith";  // of Gopher

WordKeys keys_of(const std::vector<std::string>& words) {
  WordKeys keys;
  for (const std::string& word : words) keys.add(word);
  return keys;
}

// Lists of the languages met so far.
class StopWordLists {
 public:
  // own: words for every language; none: those of each.
  explicit StopWordLists(const std::vector<std::string>& own) : serves_all_(!own.empty()) {
    lists_.emplace("", keys_of(own.empty() ? list_of_text(kEnglish) : own));
  }

  const WordKeys& of(const std::string& language) {
    const std::string identified = serves_all_ ? "" : code_of_rules(language);
    const std::string code = identified == "en" ? "" : identified;
    const auto found = lists_.find(code);
    if (found != lists_.end()) return found->second;
    return lists_.emplace(code, keys_of(shared_list("stop-words/" + code + ".txt"))).first->second;
  }

 private:
  bool serves_all_;
  std::map<std::string, WordKeys> lists_;  // "": own words, or those of English and unknown languages
};

std::optional<double> distinct_stop_words(WorkingDocument& document, StopWordLists& lists) {
  const WordKeys& keys = lists.of(document.language);
  if (keys.size() == 0) return std::nullopt;
  std::vector<bool> met(keys.size(), false);
  std::size_t distinct = 0;
  for (const Word& word : document.tables().words()) {
    if (!word.has_letter) continue;
    const std::size_t place = keys.find(core_of(document.text_of(word)));
    if (place == WordKeys::npos || met[place]) continue;
    met[place] = true;
    if (++distinct == keys.size()) break;
  }
  return static_cast<double>(distinct);
}

Measure make_stop_words(const Settings& settings) {
  auto lists = std::make_shared<StopWordLists>(settings.list_or_throw("words"));
  return [lists](WorkingDocument& document) { return distinct_stop_words(document, *lists); };
}

}  // namespace

bool has_stop_words(const std::string& language) {
  const std::string code = code_of_rules(language);
  return code.empty() || code == "en" || !shared_list("stop-words/" + code + ".txt").empty();
}

RuleKind stop_words_kind() {
  return measure_kind(
      {.name = "stop-words",
       .summary = "Drops documents with too few of the commonest words of their language",
       .source = "Rae et al. 2021 (Gopher), section A.1.1; other languages than English by lists "
                 "in share/stop-words",
       .min = "2",
       .further = {{"words", "",
                    "words for whatever language; none: the lists of share/stop-words, the paper's eight for "
                    "English and unknown languages"}},
       .uses_language = true},
      make_stop_words);
}

}  // namespace gpt::clean
