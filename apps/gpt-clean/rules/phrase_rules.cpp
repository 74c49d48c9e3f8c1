#include "apps/gpt-clean/rules/phrase_rules.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include <unicode/uchar.h>

#include "apps/gpt-clean/rules/phrase_finder.hpp"
#include "apps/gpt-clean/rules/word_lists.hpp"
#include "libcommon/io/byte_source.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::clean {
namespace {

constexpr const char* kC4 = "Raffel et al. 2020 (C4), section 2.2";

enum class Place { anywhere, as_word };

bool is_alphanumeric(std::string_view point) {
  return !point.empty() && u_isalnum(static_cast<UChar32>(text::decode_utf8(point).point)) != 0;
}

// The code point that ends where `end` is, as bytes; nothing at the beginning of the text.
std::string_view point_before(std::string_view text, std::size_t end) {
  if (end == 0) return {};
  std::size_t begin = end - 1;
  while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0u) == 0x80) --begin;
  return text.substr(begin, end - begin);
}

bool is_word(std::string_view text, const PhraseFinder::Match& match) {
  return !is_alphanumeric(point_before(text, match.begin)) &&
         !is_alphanumeric(text.substr(match.begin + match.length));
}

class PhraseRule : public Rule {
 public:
  PhraseRule(const RuleKind& kind, const std::vector<std::string>& phrases, Place place, std::size_t most)
      : Rule(kind.name, Unit::documents_dropped), finder_(phrases), place_(place), most_(most) {}

  Outcome apply(WorkingDocument& document) override {
    std::size_t found = 0;
    std::string first;
    finder_.find(document.text, [&](const PhraseFinder::Match& match) {
      if (place_ == Place::as_word && !is_word(document.text, match)) return true;
      if (found++ == 0) first = finder_.phrase(match.phrase);
      return true;
    });
    Outcome outcome = found > most_ ? dropped(std::move(first)) : untouched();
    outcome.measure = static_cast<double>(found);
    return outcome;
  }

 private:
  PhraseFinder finder_;
  Place place_;
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
            return std::make_unique<PhraseRule>(settings.kind(), settings.list_or_throw("phrases"),
                                                Place::anywhere, settings.count_or_throw("max"));
          }};
}

std::vector<std::string> bad_words_or_throw(const Settings& settings) {
  std::vector<std::string> words = settings.list_or_throw("words");
  if (const std::string file = settings.text_or_throw("file"); !file.empty()) {
    const auto list = list_of_text(io::read_file_or_throw(file));
    words.insert(words.end(), list.begin(), list.end());
  }
  return words;
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
            try {
              return std::make_unique<PhraseRule>(settings.kind(), bad_words_or_throw(settings),
                                                  Place::as_word, settings.count_or_throw("max"));
            } catch (const std::length_error&) {
              settings.refuse("file", "a list of a few megabytes at most");
            }
          }};
}

}  // namespace gpt::clean
