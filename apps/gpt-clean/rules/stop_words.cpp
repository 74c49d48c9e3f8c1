#include "apps/gpt-clean/rules/stop_words.hpp"

#include <map>
#include <memory>
#include <utility>

#include "apps/gpt-clean/rules/word_keys.hpp"
#include "apps/gpt-clean/rules/word_lists.hpp"

namespace gpt::clean {
namespace {

WordKeys keys_of(const std::vector<std::string>& words) {
  WordKeys keys;
  for (const std::string& word : words) keys.add(word);
  return keys;
}

// Lists of the languages met so far.
class StopWordLists {
 public:
  explicit StopWordLists(const std::vector<std::string>& english) { lists_.emplace("en", keys_of(english)); }

  const WordKeys& of(const std::string& language) {
    const std::string code = language.empty() || language == "und" ? "en"
                             : language == "no"                    ? "nb"
                                                                   : language;
    const auto found = lists_.find(code);
    if (found != lists_.end()) return found->second;
    return lists_.emplace(code, keys_of(shared_list("stop-words/" + code + ".txt"))).first->second;
  }

 private:
  std::map<std::string, WordKeys> lists_;
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

RuleKind stop_words_kind() {
  return measure_kind(
      {.name = "stop-words",
       .summary = "Drops documents with too few of the commonest words of their language",
       .source = "Rae et al. 2021 (Gopher), section A.1.1; other languages than English by lists "
                 "in share/stop-words",
       .min = "2",
       .further = {{"words", "the,be,to,of,and,that,have,with", "those of English and of unknown languages"}},
       .uses_language = true},
      make_stop_words);
}

}  // namespace gpt::clean
