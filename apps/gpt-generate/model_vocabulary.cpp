#include "apps/gpt-generate/model_vocabulary.hpp"

#include <string>
#include <utility>

#include "libcommon/io/errors.hpp"

namespace gpt::generate_tool {
namespace {

using tokenizer::ByteLevelBpe;

std::string from_folder_or_throw(const checkpoint::ModelFolder& folder, const std::string& name) {
  auto content = folder.small_file_or_throw(name);
  if (!content) {
    throw io::DataError(folder.path(), "holds no " + name + ": pass --vocab-file and --merge-file");
  }
  return std::move(*content);
}

ByteLevelBpe load_tokens_or_throw(const Options& options, const checkpoint::ModelFolder& folder) {
  if (options.vocab_file) return ByteLevelBpe::load_or_throw(*options.vocab_file, *options.merge_file);
  return ByteLevelBpe::parse_or_throw(
      folder.path() + "/vocab.json", from_folder_or_throw(folder, "vocab.json"),
      folder.path() + "/merges.txt", from_folder_or_throw(folder, "merges.txt"));
}

// A model may have a few rows more than its vocabulary has entries, since trainers pad to a multiple.
void check_fit_or_throw(const Options& options, const checkpoint::ModelFolder& folder,
                        const ByteLevelBpe& vocabulary) {
  const std::int64_t rows = folder.config().model.shape.vocabulary;
  const auto entries = static_cast<std::int64_t>(vocabulary.vocabulary_size());
  constexpr std::int64_t kMostPadding = 1024;  // 128 times 8 tensor ranks
  if (entries == rows || (entries < rows && rows % 64 == 0 && rows - entries < kMostPadding)) return;
  const std::string file = options.vocab_file.value_or(folder.path() + "/vocab.json");
  throw io::DataError(file, "has " + std::to_string(entries) + " entries, but the model in " + folder.path() +
                                " has a vocabulary of " + std::to_string(rows) +
                                ": pass the --vocab-file and --merge-file it was trained with");
}

std::optional<std::int32_t> end_of_document_of(const checkpoint::ModelFolder& folder,
                                               const ByteLevelBpe& vocabulary) {
  const auto& eos = folder.config().eos_token;
  if (eos && *eos >= 0 && *eos < static_cast<std::int64_t>(vocabulary.vocabulary_size())) {
    return static_cast<std::int32_t>(*eos);
  }
  const auto id = vocabulary.token_id(tokenizer::kEndOfText);
  return id ? std::optional(static_cast<std::int32_t>(*id)) : std::nullopt;
}

}  // namespace

ModelVocabulary load_vocabulary_or_throw(const Options& options, const checkpoint::ModelFolder& folder) {
  auto tokens = load_tokens_or_throw(options, folder);
  check_fit_or_throw(options, folder, tokens);
  const auto end_of_document = end_of_document_of(folder, tokens);
  return {std::move(tokens), end_of_document};
}

}  // namespace gpt::generate_tool
