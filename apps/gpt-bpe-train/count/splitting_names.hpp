#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "apps/gpt-bpe-train/count/text_units.hpp"
#include "apps/gpt-bpe-train/count/word_splitting.hpp"

namespace gpt::bpe_train {

// Values by their names, on the command line and in files alike.
template <class Value, std::size_t kSize>
using Names = std::array<std::pair<std::string_view, Value>, kSize>;

// Of the patterns whose expression cuts alike in Hugging Face tokenizers and here. (cl100k_to_end's does not:
// what is possessive in `{1,3}+` for tiktoken is a repetition there.)
inline constexpr Names<tokenizer::SplitPattern, 4> kPatternNames = {
    {{"gpt2", tokenizer::SplitPattern::gpt2},
     {"cl100k", tokenizer::SplitPattern::cl100k},
     {"o200k", tokenizer::SplitPattern::o200k},
     {"qwen2", tokenizer::SplitPattern::qwen2}}};
inline constexpr Names<std::optional<text::NormalForm>, 3> kNormalFormNames = {
    {{"none", std::nullopt}, {"nfc", text::NormalForm::nfc}, {"nfkc", text::NormalForm::nfkc}}};
inline constexpr Names<PrefixSpace, 2> kPrefixSpaceNames = {
    {{"keep", PrefixSpace::keep}, {"add", PrefixSpace::add}}};
inline constexpr Names<Unit, 2> kUnitNames = {{{"line", Unit::line}, {"document", Unit::document}}};

template <class Value, std::size_t kSize>
std::optional<Value> value_of_name(const Names<Value, kSize>& names, std::string_view name) {
  const auto found =
      std::find_if(names.begin(), names.end(), [&](const auto& entry) { return entry.first == name; });
  if (found == names.end()) return std::nullopt;
  return found->second;
}

// value: one of those that have a name.
template <class Value, std::size_t kSize>
std::string_view name_of_value(const Names<Value, kSize>& names, const Value& value) {
  return std::find_if(names.begin(), names.end(), [&](const auto& entry) { return entry.second == value; })
      ->first;
}

}  // namespace gpt::bpe_train
