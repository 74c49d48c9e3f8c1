#include "apps/gpt-clean/rules/sentences.hpp"

#include <algorithm>

#include "libcommon/text/utf8.hpp"

namespace gpt::clean {
namespace {

// The line ends or the space that stood between two sentences, or around sentences that were dropped.
std::string_view separator(std::string_view between, SentenceLayout layout) {
  if (layout == SentenceLayout::one_a_line) return "\n";
  const auto line_ends = std::count(between.begin(), between.end(), '\n');
  if (line_ends > 1) return "\n\n";
  if (line_ends == 1) return "\n";
  return between.empty() ? "" : " ";
}

}  // namespace

Outcome SentencesRule::apply(WorkingDocument& document) {
  const std::string& language = language_.empty() ? document.language : language_;
  const std::string_view text = document.text;
  Outcome outcome;
  std::string out;
  std::size_t kept_end = 0;  // of the last sentence kept, in the old text
  for (const std::string_view sentence : splitter_of(language).split(text)) {
    if (text::count_code_points(sentence) < least_chars_) {
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

text::SentenceSplitter& SentencesRule::splitter_of(const std::string& language) {
  // What is identified as Norwegian without saying which is split by the rules of the commoner form.
  const std::string code = language == "no" ? "nb" : language == "und" ? "" : language;
  const auto found = splitters_.find(code);
  if (found != splitters_.end()) return found->second;
  return splitters_.emplace(code, text::SentenceSplitter(code)).first->second;
}

RuleKind min_chars_per_sentence_kind() {
  return {.name = "min-chars-per-sentence",
          .summary = "Drops sentences with fewer characters; writes those left as they stood or one a line",
          .source = "",
          .unit = Rule::Unit::sentences_dropped,
          .parameters = {{"min", "0", "least number of characters (code points) of a sentence"},
                         {"layout", "as-before", "what stands between sentences: as-before, one-a-line"},
                         {"language", "", "whose rules find the sentences; none: the document's"}},
          .make = [](const Settings& settings) {
            return std::make_unique<SentencesRule>(
                settings.count_or_throw("min"),
                settings.choice_or_throw("layout", {"as-before", "one-a-line"}) == 1
                    ? SentenceLayout::one_a_line
                    : SentenceLayout::as_before,
                settings.text_or_throw("language"));
          }};
}

}  // namespace gpt::clean
