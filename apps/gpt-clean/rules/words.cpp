#include "apps/gpt-clean/rules/words.hpp"

#include <algorithm>

namespace gpt::clean {
namespace {

constexpr const char* kGopher = "Rae et al. 2021 (Gopher), section A.1.1";

bool is_countable(const Word& word) { return word.has_letter || word.has_digit; }

std::optional<double> word_count(WorkingDocument& document) {
  const auto& words = document.tables().words();
  return static_cast<double>(std::count_if(words.begin(), words.end(), is_countable));
}

std::optional<double> mean_word_length(WorkingDocument& document) {
  std::size_t words = 0;
  std::size_t characters = 0;
  for (const Word& word : document.tables().words()) {
    if (!is_countable(word)) continue;
    ++words;
    characters += word.characters;
  }
  return ratio(characters, words);
}

std::optional<double> alphabetic_words(WorkingDocument& document) {
  const auto& words = document.tables().words();
  const auto alphabetic =
      std::count_if(words.begin(), words.end(), [](const Word& word) { return word.has_letter; });
  return ratio(static_cast<std::size_t>(alphabetic), words.size());
}

// Places where it stands, none of which share bytes.
std::size_t occurrences(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size()))
    ++count;
  return count;
}

std::optional<double> symbol_words(WorkingDocument& document) {
  const auto hashes = static_cast<std::size_t>(std::count(document.text.begin(), document.text.end(), '#'));
  const std::size_t ellipses = occurrences(document.text, "...") + occurrences(document.text, "…");
  return ratio(std::max(hashes, ellipses), document.tables().words().size());
}

std::optional<double> urls(WorkingDocument& document) {
  const std::string_view text = document.text;
  std::size_t addresses = occurrences(text, "://");
  for (std::size_t at = text.find("www."); at != std::string_view::npos; at = text.find("www.", at + 4)) {
    if (at == 0 || text[at - 1] != '/') ++addresses;
  }
  return ratio(addresses, document.tables().words().size());
}

std::optional<double> digits(WorkingDocument& document) {
  std::size_t characters = 0;
  for (const Word& word : document.tables().words()) characters += word.characters;
  const auto found =
      std::count_if(document.text.begin(), document.text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return ratio(static_cast<std::size_t>(found), characters);
}

}  // namespace

RuleKind word_count_kind() {
  return measure_kind({.name = "word-count",
                       .summary = "Drops documents with too few words or too many",
                       .source = kGopher,
                       .min = "50",
                       .max = "100000"},
                      word_count);
}

RuleKind mean_word_length_kind() {
  return measure_kind(
      {.name = "mean-word-length",
       .summary = "Drops documents whose words are too short or too long on average, in characters",
       .source = kGopher,
       .min = "3",
       .max = "10"},
      mean_word_length);
}

RuleKind alphabetic_words_kind() {
  return measure_kind({.name = "alphabetic-words",
                       .summary = "Drops documents in which too small a share of the words has a letter",
                       .source = kGopher,
                       .min = "0.8"},
                      alphabetic_words);
}

RuleKind symbol_words_kind() {
  return measure_kind({.name = "symbol-words",
                       .summary = "Drops documents with too many # or too many ellipses to each word",
                       .source = kGopher,
                       .max = "0.1"},
                      symbol_words);
}

RuleKind urls_kind() {
  return measure_kind({.name = "urls",
                       .summary = "Drops documents with too many addresses of web pages to each word",
                       .source = {},
                       .max = "0.1"},
                      urls);
}

RuleKind digits_kind() {
  return measure_kind({.name = "digits",
                       .summary = "Drops documents in which too large a share of the characters is digits",
                       .source = {},
                       .max = "0.2"},
                      digits);
}

}  // namespace gpt::clean
