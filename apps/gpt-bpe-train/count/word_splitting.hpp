#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libcommon/text/normalize.hpp"
#include "libcommon/tokenizer/gpt2_split.hpp"
#include "libcommon/tokenizer/split_pattern.hpp"
#include "libcommon/tokenizer/word_split.hpp"
#include "libcommon/tokenizer/wordpiece_text.hpp"

namespace gpt::bpe_train {

// Whether a unit that does not begin with a space is read as if it did.
enum class PrefixSpace { keep, add };

// What decides which words a text has.
struct WordSplitting {
  tokenizer::SplitPattern pattern = tokenizer::SplitPattern::gpt2;
  PrefixSpace prefix_space = PrefixSpace::keep;
  std::optional<text::NormalForm> normal_form;
  std::optional<tokenizer::LetterCase> bert = {};  // words as BERT cuts them, whatever the rest says

  bool operator==(const WordSplitting&) const = default;
};

// Cuts units of text into words; one a thread.
class UnitSplitter {
 public:
  explicit UnitSplitter(const WordSplitting& splitting) : splitting_(splitting) {
    if (splitting.bert) bert_.emplace(*splitting.bert);
  }

  // Calls visit(word) for each word of the unit, valid UTF-8, in its order: normalised first, then a space
  // put before, then cut. The words are gone with the next call.
  template <class Visit>
  void for_each_word(std::string_view unit, Visit visit) {
    if (bert_) return bert_->for_each_word(unit, visit);
    if (splitting_.normal_form && !text::is_normalized(unit, *splitting_.normal_form)) {
      normalized_ = text::normalize(unit, *splitting_.normal_form);
      unit = normalized_;
    }
    if (splitting_.prefix_space == PrefixSpace::add && !unit.empty() && unit.front() != ' ') {
      spaced_.assign(1, ' ').append(unit);
      unit = spaced_;
    }
    cut(unit, visit);
  }

 private:
  template <class Splitter, class Visit>
  static void cut_by(std::string_view unit, Visit& visit) {
    for (Splitter splitter(unit); !splitter.at_end();) visit(splitter.next());
  }

  template <class Visit>
  void cut(std::string_view unit, Visit& visit) {
    using tokenizer::SplitPattern;
    using tokenizer::WordSplitter;
    switch (splitting_.pattern) {
      case SplitPattern::gpt2:
        return cut_by<tokenizer::Gpt2Splitter>(unit, visit);
      case SplitPattern::cl100k:
        return cut_by<WordSplitter<tokenizer::Cl100kRules>>(unit, visit);
      case SplitPattern::cl100k_to_end:
        return cut_by<WordSplitter<tokenizer::Cl100kToEndRules>>(unit, visit);
      case SplitPattern::qwen2:
        return cut_by<WordSplitter<tokenizer::Qwen2Rules>>(unit, visit);
      case SplitPattern::o200k:
        return cut_by<WordSplitter<tokenizer::O200kRules>>(unit, visit);
    }
  }

  WordSplitting splitting_;
  std::optional<tokenizer::WordPieceText> bert_;
  std::string normalized_;
  std::string spaced_;
};

}  // namespace gpt::bpe_train
