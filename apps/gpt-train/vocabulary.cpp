#include "apps/gpt-train/vocabulary.hpp"

#include <utility>

#include "libcommon/io/errors.hpp"
#include "libcommon/tokenizer/byte_level_files.hpp"

namespace gpt::train_tool {
namespace {

constexpr const char* kHowToGive =
    "give --vocab-file and --merge-file, or --vocab-file with a tokenizer.json";

Vocabulary described(tokenizer::ByteLevelVocabulary read) {
  Vocabulary vocabulary;
  vocabulary.size = static_cast<std::int64_t>(read.tokens.vocabulary_size());
  vocabulary.end_of_text = read.tokens.end_of_document_id();
  for (auto& file : read.files) vocabulary.files.push_back({file.name, std::move(file.content)});
  return vocabulary;
}

}  // namespace

Vocabulary read_vocabulary_or_throw(const DataOptions& data, const checkpoint::ModelFolder* folder) {
  if (data.vocab_file)
    return described(tokenizer::read_vocabulary_or_throw({*data.vocab_file, data.merge_file}));
  if (folder == nullptr) {
    throw io::DataError(data.paths.empty() ? "--train-data-path" : data.paths.back(),
                        std::string("its vocabulary is not known: ") + kHowToGive);
  }
  auto read = tokenizer::read_vocabulary_or_throw(
      folder->path(), [folder](const std::string& name) { return folder->small_file_or_throw(name); });
  if (!read)
    throw io::DataError(folder->path(),
                        std::string("holds no tokenizer.json, nor vocab.json and merges.txt: ") + kHowToGive);
  return described(std::move(*read));
}

}  // namespace gpt::train_tool
