#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "apps/gpt-clean/rules/rule_kind.hpp"
#include "libcommon/text/sentences.hpp"

namespace gpt::clean {

// What stands between the sentences of the cleaned text: what stood there before, or a line end.
enum class SentenceLayout { as_before, one_a_line };

// Drops sentences with fewer characters than the least number and puts the others together again.
class SentencesRule : public Rule {
 public:
  // language: whose rules find the sentences; empty: the language identified for each document.
  SentencesRule(std::size_t least_chars, SentenceLayout layout, std::string language)
      : Rule("min-chars-per-sentence", Unit::sentences_dropped),
        least_chars_(least_chars),
        layout_(layout),
        language_(std::move(language)) {}
  Outcome apply(WorkingDocument& document) override;

 private:
  text::SentenceSplitter& splitter_of(const std::string& language);

  std::size_t least_chars_;
  SentenceLayout layout_;
  std::string language_;
  std::map<std::string, text::SentenceSplitter> splitters_;
};

RuleKind min_chars_per_sentence_kind();

}  // namespace gpt::clean
