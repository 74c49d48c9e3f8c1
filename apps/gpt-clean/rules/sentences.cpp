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
std::string_view separator(std::string_view between) {
  if (has_blank_line(between)) return "\n\n";
  if (between.find('\n') != std::string_view::npos) return "\n";
  return between.empty() ? "" : " ";
}

// Whether a sentence still ends where another one comes to stand behind it.
bool ends_before(text::SentenceSplitter& splitter, std::string_view sentence, std::string_view next) {
  std::string both(sentence);
  both += " ";
  both += next;
  const auto found = splitter.split(both);
  return found.size() > 1 && found.front().size() == sentence.size();
}

Parameter language_parameter() {
  return {"language", "", "whose rules find the sentences; none: the document's"};
}

// The kind of one limit, whose value the parameter sets. name: a literal, since rules keep views of it.
RuleKind sentence_kind(std::string_view name, const std::string& summary, const Parameter& limit,
                       std::size_t SentenceLimits::*field) {
  return {.name = std::string(name),
          .summary = summary,
          .source = "",
          .unit = Rule::Unit::sentences_dropped,
          .parameters = {limit, language_parameter()},
          .uses_language = true,
          .make = [name, parameter = limit.name, field](const Settings& settings) {
            SentenceLimits limits;
            limits.*field = settings.count_or_throw(parameter);
            return std::make_unique<SentencesRule>(name, limits, settings.text_or_throw("language"));
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
  text::SentenceSplitter& splitter = splitters_.of(language_.empty() ? document.language : language_);
  const std::string_view text = document.text;
  Outcome outcome;
  std::string out;
  std::string_view last;  // kept, in the old text
  bool is_cut = false;    // between it and the next
  for (const std::string_view sentence : splitter.split(text)) {
    if (!keeps(sentence)) {
      if (outcome.count++ == 0) outcome.detail = sentence;
      is_cut = true;
      continue;
    }
    if (!out.empty()) {
      const char* last_end = last.data() + last.size();
      const std::string_view gap =
          separator({last_end, static_cast<std::size_t>(sentence.data() - last_end)});
      const bool runs_on =
          is_cut && gap.find('\n') == std::string_view::npos && !ends_before(splitter, last, sentence);
      out += runs_on ? "\n" : gap;
    }
    out += sentence;
    last = sentence;
    is_cut = false;
  }
  document.text = std::move(out);
  return outcome;
}

Outcome SplitSentencesRule::apply(WorkingDocument& document) {
  std::string out;
  for (const std::string_view sentence :
       splitters_.of(language_.empty() ? document.language : language_).split(document.text)) {
    if (!out.empty()) out += '\n';
    out += sentence;
  }
  if (out == document.text) return untouched();
  document.text = std::move(out);
  return changed();
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

RuleKind split_sentences_kind() {
  return {.name = "split-sentences",
          .summary = "Puts each sentence on a line of its own",
          .source = "",
          .unit = Rule::Unit::documents_changed,
          .parameters = {language_parameter()},
          .uses_language = true,
          .make = [](const Settings& settings) {
            return std::make_unique<SplitSentencesRule>(settings.text_or_throw("language"));
          }};
}

}  // namespace gpt::clean
