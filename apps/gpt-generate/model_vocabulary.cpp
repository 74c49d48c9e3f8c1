#include "apps/gpt-generate/model_vocabulary.hpp"

#include <string>
#include <utility>

#include "libcommon/io/errors.hpp"
#include "libcommon/tokenizer/byte_level_files.hpp"

namespace gpt::generate_tool {
namespace {

using tokenizer::ByteLevelBpe;
using tokenizer::ByteLevelVocabulary;

ByteLevelVocabulary read_or_throw(const Options& options, const checkpoint::ModelFolder& folder) {
  if (options.vocab_file)
    return tokenizer::read_vocabulary_or_throw({*options.vocab_file, options.merge_file});
  auto read = tokenizer::read_vocabulary_or_throw(
      folder.path(), [&folder](const std::string& name) { return folder.small_file_or_throw(name); });
  if (!read) {
    throw io::DataError(folder.path(),
                        "holds no tokenizer.json, nor vocab.json and merges.txt: pass --vocab-file and "
                        "--merge-file, or --vocab-file with a tokenizer.json");
  }
  return std::move(*read);
}

// A model may have a few rows more than its vocabulary has entries, since trainers pad to a multiple.
void check_fit_or_throw(const checkpoint::ModelFolder& folder, const ByteLevelVocabulary& vocabulary) {
  const std::int64_t rows = folder.config().model.shape.vocabulary;
  const auto entries = static_cast<std::int64_t>(vocabulary.tokens.vocabulary_size());
  constexpr std::int64_t kMostPadding = 1024;  // 128 times 8 tensor ranks
  if (entries == rows || (entries < rows && rows % 64 == 0 && rows - entries < kMostPadding)) return;
  throw io::DataError(vocabulary.path, "has " + std::to_string(entries) + " entries, but the model in " +
                                           folder.path() + " has a vocabulary of " + std::to_string(rows) +
                                           ": pass the --vocab-file it was trained with");
}

std::optional<std::int32_t> end_of_document_of(const checkpoint::ModelFolder& folder,
                                               const ByteLevelBpe& vocabulary) {
  const auto& eos = folder.config().eos_token;
  if (eos && *eos >= 0 && *eos < static_cast<std::int64_t>(vocabulary.vocabulary_size())) {
    return static_cast<std::int32_t>(*eos);
  }
  const auto id = vocabulary.end_of_document_id();
  return id ? std::optional(static_cast<std::int32_t>(*id)) : std::nullopt;
}

}  // namespace

ModelVocabulary load_vocabulary_or_throw(const Options& options, const checkpoint::ModelFolder& folder) {
  ByteLevelVocabulary read = read_or_throw(options, folder);
  check_fit_or_throw(folder, read);
  const auto end_of_document = end_of_document_of(folder, read.tokens);
  return {std::move(read.tokens), end_of_document};
}

}  // namespace gpt::generate_tool
