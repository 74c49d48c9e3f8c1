#include "apps/gpt-clean/rules/phrase_rules.hpp"

#include <memory>
#include <string>
#include <utility>

#include "apps/gpt-clean/rules/phrase_setting.hpp"
#include "apps/gpt-clean/rules/word_lists.hpp"
#include "libcommon/io/byte_source.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::clean {
namespace {

constexpr const char* kC4 = "Raffel et al. 2020 (C4), section 2.2";

class PhraseRule : public Rule {
 public:
  PhraseRule(const RuleKind& kind, PhraseFinder finder, std::size_t most)
      : Rule(kind.name, Unit::documents_dropped), finder_(std::move(finder)), most_(most) {}

  Outcome apply(WorkingDocument& document) override {
    if (document.wanted == WorkingDocument::Wanted::verdict)
      return judge(finder_.count(document.text, most_));
    const PhraseFinder::Found found = finder_.count(document.text);
    Outcome outcome = judge(found);
    outcome.measure = static_cast<double>(found.count);
    return outcome;
  }

 private:
  Outcome judge(const PhraseFinder::Found& found) const {
    return found.count > most_ ? dropped(finder_.phrase(found.first)) : untouched();
  }

  PhraseFinder finder_;
  std::size_t most_;
};

RuleKind phrase_kind(std::string name, std::string summary, std::string phrases) {
  return {.name = std::move(name),
          .summary = std::move(summary),
          .source = kC4,
          .unit = Rule::Unit::documents_dropped,
          .parameters = {{"phrases", std::move(phrases), "what is looked for, in whatever case"},
                         {"max", "0", "how many of them may be there"}},
          .make = [](const Settings& settings) {
            return std::make_unique<PhraseRule>(settings.kind(), finder_or_throw(settings, "phrases"),
                                                settings.count_or_throw("max"));
          }};
}

PhraseFinder bad_words_or_throw(const Settings& settings) {
  std::vector<std::string> words = settings.list_or_throw("words");
  const std::string file = settings.text_or_throw("file");
  if (!file.empty()) {
    const std::string text = io::read_file_or_throw(file);
    if (!text::is_valid_utf8(text)) settings.refuse("file", "a list in UTF-8");
    const auto list = list_of_text(text);
    if (list.empty()) settings.refuse("file", "a list of words: it has none");
    words.insert(words.end(), list.begin(), list.end());
  }
  return finder_or_throw(settings, file.empty() ? "words" : "file", words, PhraseFinder::Place::as_word);
}

}  // namespace

RuleKind lorem_ipsum_kind() {
  return phrase_kind("lorem-ipsum", "Drops documents with the printers' filler text", "lorem ipsum");
}

RuleKind curly_brackets_kind() {
  return phrase_kind("curly-brackets", "Drops documents with curly brackets: programs and templates", "{");
}

RuleKind bad_words_kind() {
  return {.name = "bad-words",
          .summary = "Drops documents with words of a list",
          .source = kC4,
          .unit = Rule::Unit::documents_dropped,
          .parameters = {{"file", "", "the list: a word or phrase a line, # before comments"},
                         {"words", "", "further words"},
                         {"max", "0", "how many of them may be there"}},
          .make = [](const Settings& settings) {
            return std::make_unique<PhraseRule>(settings.kind(), bad_words_or_throw(settings),
                                                settings.count_or_throw("max"));
          }};
}

}  // namespace gpt::clean
