#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "apps/gpt-bpe-train/count/count_words.hpp"
#include "apps/gpt-bpe-train/evaluate/letter_words.hpp"
#include "apps/gpt-bpe-train/evaluate/measured_vocabulary.hpp"
#include "libcommon/io/record_errors.hpp"

namespace gpt::bpe_train {

struct EvaluationTask {
  std::vector<std::string> inputs;
  InputFormat format = InputFormat::by_name;
  std::string json_key = "text";
  std::string group_key = "language";  // the field by which texts are grouped
  io::OnError on_error = io::OnError::fail;
  int threads = 1;
};

// What one vocabulary made of the texts of a group.
struct GroupFigures {
  std::uint64_t tokens = 0;
  std::uint64_t unknown = 0;  // of them, those that stand for what cannot be encoded
  WordFigures words;          // each encoded by itself, with the space before it
};

struct TextGroup {
  std::uint64_t documents = 0;
  std::uint64_t bytes = 0;
  std::vector<GroupFigures> figures;  // by vocabulary
};

struct Evaluation {
  std::map<std::string, TextGroup> groups;             // by value of the field, else by the input's name
  std::vector<std::vector<std::uint64_t>> token_uses;  // by vocabulary and id
  std::uint64_t input_bytes = 0;
  io::RecordErrors errors;

  TextGroup total() const;
};

// Encodes the texts by each of the vocabularies, whole documents as gpt-preprocess does, and counts; the sums
// do not depend on the threads. Memory: the distinct words of each group, once a thread. progress is told the
// bytes read so far. Throws io::IoError; io::DataError, also when the texts fall into more than a thousand
// groups; cli::StoppedOnRequest.
Evaluation evaluate_or_throw(const EvaluationTask& task, std::span<const MeasuredVocabulary> vocabularies,
                             const std::function<void(std::uint64_t)>& progress);

}  // namespace gpt::bpe_train
