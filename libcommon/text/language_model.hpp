#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libcommon/text/feature_table.hpp"
#include "libcommon/text/language_features.hpp"

namespace gpt::text {

inline constexpr std::size_t kMostLanguages = 32;

// A linear model in the form in which its file holds it: docs/formats/language-model.md.
struct LanguageWeights {
  std::vector<std::string> codes;    // a class each; "other" for all languages without one
  std::vector<float> biases;         // one a class
  float scale = 1;                   // what a weight of 1 is worth
  std::vector<std::uint32_t> ids;    // of the features, ascending
  std::vector<std::int8_t> weights;  // a row of one a class for each feature
};

// The bytes of a model's file.
std::string language_model_bytes(const LanguageWeights& weights);

// How a model judges a text.
struct LanguageJudgement {
  std::array<float, kMostLanguages> probabilities = {};  // of each class; they add up to 1
  std::size_t best = 0;                                  // the class of the greatest
  std::size_t features = 0;                              // how many of the text's features the model knows
  LetterCounts letters;
};

// Tells languages apart by character n-grams and words: multinomial logistic regression on the sum of the
// weights of a text's features over the root of their number.
class LanguageModel {
 public:
  using Row = std::array<std::uint8_t, kMostLanguages>;  // a feature's weights, a class each, from 128

  // Throws io::DataError naming the file when the bytes are no model or damaged.
  static LanguageModel parse_or_throw(std::string_view bytes, const std::string& name);
  explicit LanguageModel(const LanguageWeights& weights);

  // text: valid UTF-8
  LanguageJudgement judge(std::string_view text) const;
  // The same of a text that may be in several languages, in parts of about part_bytes, cut at spaces. Where a
  // part is surely in another language than the whole seems to be, which a short passage full of telling
  // words can sway, the probabilities are the shares of the text that its parts give to each language.
  LanguageJudgement judge_by_parts(std::string_view text, std::size_t part_bytes) const;
  std::span<const std::string> codes() const { return codes_; }

 private:
  class RowSums;
  using Totals = std::array<std::int64_t, kMostLanguages>;
  LanguageJudgement judgement_of(const Totals& totals, std::size_t rows, const LetterCounts& letters) const;
  std::size_t best_of(const LanguageJudgement& judgement) const;

  std::vector<std::string> codes_;
  std::vector<float> biases_;
  float scale_ = 1;
  FeatureTable features_;
  std::vector<Row> rows_;  // by place of the features
};

bool shared_language_model_is_installed();

// The model of the share folder, read once. Throws std::runtime_error when it is not installed, io::DataError
// when it is damaged.
const LanguageModel& shared_language_model_or_throw();

}  // namespace gpt::text
