#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "apps/gpt-clean/rules/rule_kind.hpp"
#include "apps/gpt-clean/sentence_splitters.hpp"

namespace gpt::clean {

// What a sentence must keep to; 0 is no limit.
struct SentenceLimits {
  std::size_t least_chars = 0;
  std::size_t most_chars = 0;
  std::size_t least_words = 0;
};

// Drops the sentences beyond the limits and puts the others together again, with what stood between them;
// with a line end where one would otherwise run into the next, so that what was judged are the sentences of
// the text that is left.
class SentencesRule : public Rule {
 public:
  // language: whose rules find the sentences; empty: the language identified for each document.
  SentencesRule(std::string_view name, const SentenceLimits& limits, std::string language)
      : Rule(name, Unit::sentences_dropped), limits_(limits), language_(std::move(language)) {}
  Outcome apply(WorkingDocument& document) override;

 private:
  bool keeps(std::string_view sentence) const;

  SentenceLimits limits_;
  std::string language_;
  SentenceSplitters splitters_;
};

// Puts each sentence on a line of its own.
class SplitSentencesRule : public Rule {
 public:
  explicit SplitSentencesRule(std::string language)
      : Rule("split-sentences", Unit::documents_changed), language_(std::move(language)) {}
  Outcome apply(WorkingDocument& document) override;

 private:
  std::string language_;
  SentenceSplitters splitters_;
};

// One kind a limit, so that each has its own count.
RuleKind min_chars_per_sentence_kind();
RuleKind max_chars_per_sentence_kind();
RuleKind min_words_per_sentence_kind();
RuleKind split_sentences_kind();

}  // namespace gpt::clean
