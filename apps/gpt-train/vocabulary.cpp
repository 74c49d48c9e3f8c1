#include "apps/gpt-train/vocabulary.hpp"

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/tokenizer/byte_level_bpe.hpp"

namespace gpt::train_tool {
namespace {

Vocabulary parse_or_throw(const std::string& vocab_path, std::string vocab, const std::string& merges_path,
                          std::string merges) {
  const auto bpe = tokenizer::ByteLevelBpe::parse_or_throw(vocab_path, vocab, merges_path, merges);
  Vocabulary vocabulary;
  vocabulary.size = static_cast<std::int64_t>(bpe.vocabulary_size());
  if (const auto id = bpe.token_id(tokenizer::kEndOfText)) vocabulary.end_of_text = *id;
  vocabulary.files = {{"vocab.json", std::move(vocab)}, {"merges.txt", std::move(merges)}};
  return vocabulary;
}

}  // namespace

Vocabulary read_vocabulary_or_throw(const DataOptions& data, const checkpoint::ModelFolder* folder) {
  if (data.vocab_file) {
    return parse_or_throw(*data.vocab_file, io::read_file_or_throw(*data.vocab_file), *data.merge_file,
                          io::read_file_or_throw(*data.merge_file));
  }
  if (folder == nullptr) {
    throw io::DataError(data.paths.empty() ? "--train-data-path" : data.paths.back(),
                        "its vocabulary is not known: give --vocab-file and --merge-file");
  }
  auto vocab = folder->small_file_or_throw("vocab.json");
  auto merges = folder->small_file_or_throw("merges.txt");
  if (!vocab || !merges) {
    throw io::DataError(folder->path(),
                        "holds no vocab.json and merges.txt: give --vocab-file and --merge-file");
  }
  return parse_or_throw(folder->path() + "/vocab.json", std::move(*vocab), folder->path() + "/merges.txt",
                        std::move(*merges));
}

}  // namespace gpt::train_tool
