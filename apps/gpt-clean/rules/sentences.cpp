#include "apps/gpt-clean/rules/sentences.hpp"

#include <algorithm>

#include "libcommon/text/utf8.hpp"
#include "libcommon/text/whitespace.hpp"

namespace gpt::clean {
namespace {

bool has_blank_line(std::string_view text) {
  bool after_line_end = false;
  for (const char c : text) {
    if (c == '\n' && after_line_end) return true;
    if (c != ' ') after_line_end = c == '\n';
  }
  return false;
}

// The line ends or the space that stood between two sentences, or around sentences that were dropped.
std::string_view separator(std::string_view between, SentenceLayout layout) {
  if (layout == SentenceLayout::one_a_line) return "\n";
  if (has_blank_line(between)) return "\n\n";
  if (between.find('\n') != std::string_view::npos) return "\n";
  return between.empty() ? "" : " ";
}

// The kind of one limit, whose value the parameter sets. name: a literal, since rules keep views of it.
RuleKind sentence_kind(std::string_view name, const std::string& summary, const Parameter& limit,
                       std::size_t SentenceLimits::*field) {
  const std::string parameter = limit.name;
  return {.name = std::string(name),
          .summary = summary + "; writes those left as they stood or one a line",
          .source = "",
          .unit = Rule::Unit::sentences_dropped,
          .parameters = {limit,
                         {"layout", "as-before", "what stands between sentences: as-before, one-a-line"},
                         {"language", "", "whose rules find the sentences; none: the document's"}},
          .make = [name, parameter, field](const Settings& settings) {
            SentenceLimits limits;
            limits.*field = settings.count_or_throw(parameter);
            const bool one_a_line = settings.choice_or_throw("layout", {"as-before", "one-a-line"}) == 1;
            return std::make_unique<SentencesRule>(
                name, limits, one_a_line ? SentenceLayout::one_a_line : SentenceLayout::as_before,
                settings.text_or_throw("language"));
          }};
}

}  // namespace

bool SentencesRule::keeps(std::string_view sentence) const {
  if (limits_.least_chars > 0 || limits_.most_chars > 0) {
    const std::size_t chars = text::count_code_points(sentence);
    if (chars < limits_.least_chars || (limits_.most_chars > 0 && chars > limits_.most_chars)) return false;
  }
  return limits_.least_words == 0 || text::count_words(sentence) >= limits_.least_words;
}

Outcome SentencesRule::apply(WorkingDocument& document) {
  const std::string& language = language_.empty() ? document.language : language_;
  const std::string_view text = document.text;
  Outcome outcome;
  std::string out;
  std::size_t kept_end = 0;  // of the last sentence kept, in the old text
  for (const std::string_view sentence : splitters_.of(language).split(text)) {
    if (!keeps(sentence)) {
      if (outcome.count++ == 0) outcome.detail = sentence;
      continue;
    }
    const auto begin = static_cast<std::size_t>(sentence.data() - text.data());
    if (!out.empty()) out += separator(text.substr(kept_end, begin - kept_end), layout_);
    out += sentence;
    kept_end = begin + sentence.size();
  }
  document.text = std::move(out);
  return outcome;
}

RuleKind min_chars_per_sentence_kind() {
  return sentence_kind("min-chars-per-sentence", "Drops sentences with fewer characters",
                       {"min", "0", "least number of characters (code points) of a sentence"},
                       &SentenceLimits::least_chars);
}

RuleKind max_chars_per_sentence_kind() {
  return sentence_kind("max-chars-per-sentence", "Drops sentences with more characters",
                       {"max", "0", "greatest number of characters (code points) of a sentence; 0: none"},
                       &SentenceLimits::most_chars);
}

RuleKind min_words_per_sentence_kind() {
  return sentence_kind("min-words-per-sentence", "Drops sentences with fewer words",
                       {"min", "0", "least number of words, which hold a letter or digit, of a sentence"},
                       &SentenceLimits::least_words);
}

}  // namespace gpt::clean
