#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "apps/gpt-preprocess/batch_encoder.hpp"
#include "libcommon/dataset/indexed_dataset_writer.hpp"
#include "libcommon/io/output_file.hpp"

namespace gpt::preprocess {

// What a sequence of a dataset is.
enum class Level { document, sentence };

// PREFIX_KEY_document or PREFIX_KEY_sentence, the name of a field's dataset without .bin or .idx.
std::string dataset_name(const std::string& output_prefix, const std::string& key, Level level);

// The datasets of a run, one a key, that come to be together.
class DatasetSet {
 public:
  // Throws io::IoError, also when a file exists and existing is refuse.
  DatasetSet(const std::string& output_prefix, const std::vector<std::string>& keys, Level level,
             dataset::TokenType type, io::Existing existing);

  // Appends a batch, whose ids are bytes of the same type, in the order of its documents. Throws io::IoError.
  void add_or_throw(const EncodedBatch& batch);
  // Throws io::IoError; then the new datasets are removed again, and those that replaced others stay.
  void commit_or_throw();

  std::uint64_t tokens() const;
  std::uint64_t sequences() const;
  std::uint64_t documents(std::size_t key) const { return writers_[key].documents(); }

 private:
  enum class Before { absent, existed };
  struct Output {
    std::string name;
    Before before;
  };
  static void remove_new(const Output& output);

  dataset::TokenType type_;
  std::vector<Output> outputs_;  // of each writer
  std::deque<dataset::IndexedDatasetWriter> writers_;
};

}  // namespace gpt::preprocess
