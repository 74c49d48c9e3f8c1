#include "apps/gpt-preprocess/dataset_set.hpp"

#include <cstdio>
#include <filesystem>
#include <string_view>

namespace gpt::preprocess {

std::string dataset_name(const std::string& output_prefix, const std::string& key, Level level) {
  return output_prefix + "_" + key + (level == Level::sentence ? "_sentence" : "_document");
}

DatasetSet::DatasetSet(const std::string& output_prefix, const std::vector<std::string>& keys, Level level,
                       dataset::TokenType type, io::Existing existing)
    : type_(type) {
  for (const std::string& key : keys) {
    const std::string name = dataset_name(output_prefix, key, level);
    writers_.emplace_back(name, type, existing);
    const bool is_there = std::filesystem::exists(name + ".bin") || std::filesystem::exists(name + ".idx");
    outputs_.push_back({name, is_there ? Before::existed : Before::absent});
  }
}

void DatasetSet::add_or_throw(const EncodedBatch& batch) {
  for (std::size_t k = 0; k < writers_.size(); ++k) {
    const EncodedField& field = batch.fields[k];
    std::string_view rest = field.ids;
    auto length = field.lengths.begin();
    for (const std::uint32_t sequences : field.sequences) {
      for (std::uint32_t i = 0; i < sequences; ++i, ++length) {
        const std::size_t bytes = *length * dataset::bytes_of(type_);
        writers_[k].add_bytes_or_throw(rest.substr(0, bytes));
        rest.remove_prefix(bytes);
      }
      writers_[k].end_document();
    }
  }
}

void DatasetSet::commit_or_throw() {
  std::size_t committed = 0;
  try {
    for (; committed < writers_.size(); ++committed) writers_[committed].commit_or_throw();
  } catch (...) {
    for (std::size_t k = 0; k < committed; ++k) remove_new(outputs_[k]);
    throw;
  }
}

void DatasetSet::remove_new(const Output& output) {
  if (output.before == Before::existed) return;
  // The index first: without it nothing is taken for a dataset.
  for (const char* const suffix : {".idx", ".bin"}) std::remove((output.name + suffix).c_str());
}

std::uint64_t DatasetSet::sequences() const {
  std::uint64_t sum = 0;
  for (const auto& writer : writers_) sum += writer.sequences();
  return sum;
}

std::uint64_t DatasetSet::tokens() const {
  std::uint64_t sum = 0;
  for (const auto& writer : writers_) sum += writer.tokens();
  return sum;
}

}  // namespace gpt::preprocess
