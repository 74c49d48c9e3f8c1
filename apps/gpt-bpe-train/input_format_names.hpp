#pragma once

#include "apps/gpt-bpe-train/count/count_words.hpp"
#include "apps/gpt-bpe-train/count/splitting_names.hpp"

namespace gpt::bpe_train {

inline constexpr Names<InputFormat, 3> kInputFormatNames = {
    {{"auto", InputFormat::by_name}, {"jsonl", InputFormat::jsonl}, {"text", InputFormat::text}}};

}  // namespace gpt::bpe_train
