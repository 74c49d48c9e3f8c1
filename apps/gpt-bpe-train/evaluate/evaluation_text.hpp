#pragma once

#include <span>
#include <string>
#include <vector>

#include "apps/gpt-bpe-train/evaluate/evaluate_text.hpp"
#include "apps/gpt-bpe-train/evaluate/measured_vocabulary.hpp"
#include "apps/gpt-bpe-train/evaluate/vocabulary_use.hpp"

namespace gpt::bpe_train {

// An evaluation for people: tables with the vocabularies side by side.
std::string evaluation_text(const Evaluation& evaluation, std::span<const MeasuredVocabulary> vocabularies,
                            std::span<const VocabularyUse> uses);

// The same for programs, values of the report: {"sv":{"documents":...,"vocabularies":[...]}} and
// [{"name":...,"unreached":...}].
std::string groups_json(const Evaluation& evaluation);
std::string vocabularies_json(std::span<const MeasuredVocabulary> vocabularies,
                              std::span<const VocabularyUse> uses);

}  // namespace gpt::bpe_train
