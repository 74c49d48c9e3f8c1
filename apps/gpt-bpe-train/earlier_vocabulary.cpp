#include "apps/gpt-bpe-train/earlier_vocabulary.hpp"

#include "libcommon/io/byte_source.hpp"
#include "libcommon/tokenizer/byte_level_bpe.hpp"
#include "libcommon/tokenizer/vocabulary_files.hpp"

namespace gpt::bpe_train {

Vocabulary load_vocabulary_or_throw(const std::string& folder) {
  const std::string vocabulary_path = folder + "/vocab.json";
  const std::string merges_path = folder + "/merges.txt";
  const std::string json = io::read_file_or_throw(vocabulary_path);
  const std::string merges_text = io::read_file_or_throw(merges_path);
  // Says what is wrong with files that do not belong together.
  tokenizer::ByteLevelBpe::parse_or_throw(vocabulary_path, json, merges_path, merges_text);
  Vocabulary vocabulary{tokenizer::parse_vocabulary_or_throw(vocabulary_path, json), {}};
  for (tokenizer::MergeLine& line : tokenizer::parse_merges_or_throw(merges_path, merges_text))
    vocabulary.merges.emplace_back(std::move(line.left), std::move(line.right));
  return vocabulary;
}

}  // namespace gpt::bpe_train
