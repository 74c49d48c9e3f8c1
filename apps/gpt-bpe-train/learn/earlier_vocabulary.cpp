#include "apps/gpt-bpe-train/learn/earlier_vocabulary.hpp"

#include <algorithm>
#include <filesystem>

#include "apps/gpt-bpe-train/count/counts_summary.hpp"
#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/tokenizer/bpe_tables.hpp"
#include "libcommon/tokenizer/byte_level_bpe.hpp"
#include "libcommon/tokenizer/vocabulary_files.hpp"

namespace gpt::bpe_train {
namespace {

using tokenizer::ByteLevelBpe;

WordSplitting splitting_of(const tokenizer::BpeTables& tables) {
  return {tables.split,
          tables.prefix_space == tokenizer::PrefixSpace::add ? PrefixSpace::add : PrefixSpace::keep,
          tables.normal_form};
}

// Tokens by id, those first that vocab.json has too.
std::vector<std::string> tokens_or_throw(const ByteLevelBpe& bpe,
                                         const std::vector<std::string>& in_vocabulary,
                                         const std::string& path) {
  std::vector<std::string> tokens;
  for (tokenizer::TokenId id = 0; id < bpe.vocabulary_size(); ++id) tokens.push_back(bpe.token(id));
  for (std::size_t id = 0; id < std::max(tokens.size(), in_vocabulary.size()); ++id) {
    const bool differs = id < in_vocabulary.size() ? id >= tokens.size() || tokens[id] != in_vocabulary[id]
                                                   : tokens[id].empty();
    if (differs) {
      throw io::DataError(path, "and vocab.json beside it differ at id " + std::to_string(id) +
                                    ": they do not belong together");
    }
  }
  return tokens;
}

std::vector<std::string> special_tokens_of(const ByteLevelBpe& bpe) {
  std::vector<std::string> special;
  for (tokenizer::TokenId id = 0; id < bpe.vocabulary_size(); ++id) {
    if (bpe.tables().added.contains(id)) special.push_back(bpe.token(id));
  }
  return special;
}

}  // namespace

EarlierVocabulary load_earlier_or_throw(const std::string& folder, const WordSplitting& splitting) {
  const std::string vocabulary_path = folder + "/vocab.json";
  const std::string merges_path = folder + "/merges.txt";
  const std::string tokenizer_path = folder + "/tokenizer.json";
  const std::string json = io::read_file_or_throw(vocabulary_path);
  const std::string merges_text = io::read_file_or_throw(merges_path);
  // Says what is wrong with files that do not belong together.
  const auto of_two_files = ByteLevelBpe::parse_or_throw(vocabulary_path, json, merges_path, merges_text);
  EarlierVocabulary earlier;
  earlier.vocabulary.tokens = tokenizer::parse_vocabulary_or_throw(vocabulary_path, json);
  for (tokenizer::MergeLine& line : tokenizer::parse_merges_or_throw(merges_path, merges_text))
    earlier.vocabulary.merges.emplace_back(std::move(line.left), std::move(line.right));
  std::error_code ignored;
  if (!std::filesystem::exists(tokenizer_path, ignored)) {
    earlier.special_tokens = special_tokens_of(of_two_files);
    return earlier;
  }
  const auto whole = ByteLevelBpe::load_tokenizer_json_or_throw(tokenizer_path);
  if (const WordSplitting theirs = splitting_of(whole.tables()); theirs != splitting) {
    throw io::DataError(tokenizer_path, "cuts words as " + options_of(theirs) + ", but " +
                                            options_of(splitting) +
                                            " is asked for: a vocabulary is gone on with as it was begun");
  }
  earlier.vocabulary.tokens = tokens_or_throw(whole, earlier.vocabulary.tokens, tokenizer_path);
  earlier.special_tokens = special_tokens_of(whole);
  return earlier;
}

}  // namespace gpt::bpe_train
