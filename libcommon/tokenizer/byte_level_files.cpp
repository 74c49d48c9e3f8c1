#include "libcommon/tokenizer/byte_level_files.hpp"

#include <filesystem>
#include <utility>

#include "libcommon/io/byte_source.hpp"

namespace gpt::tokenizer {
namespace {

const std::string kTokenizerJson = "tokenizer.json";
const std::string kVocabulary = "vocab.json";
const std::string kMerges = "merges.txt";

ByteLevelVocabulary parse_tokenizer_json_or_throw(const std::string& path, std::string json) {
  ByteLevelBpe tokens = ByteLevelBpe::parse_tokenizer_json_or_throw(path, json);
  return {std::move(tokens), path, {{kTokenizerJson, std::move(json)}}};
}

ByteLevelVocabulary parse_pair_or_throw(const std::string& vocabulary_path, std::string vocabulary,
                                        const std::string& merges_path, std::string merges) {
  ByteLevelBpe tokens = ByteLevelBpe::parse_or_throw(vocabulary_path, vocabulary, merges_path, merges);
  return {std::move(tokens),
          vocabulary_path,
          {{kVocabulary, std::move(vocabulary)}, {kMerges, std::move(merges)}}};
}

}  // namespace

ByteLevelVocabulary read_vocabulary_or_throw(const ByteLevelFiles& files) {
  if (files.merges) {
    return parse_pair_or_throw(files.vocabulary, io::read_file_or_throw(files.vocabulary), *files.merges,
                               io::read_file_or_throw(*files.merges));
  }
  const bool is_folder = std::filesystem::is_directory(files.vocabulary);
  const std::string path = is_folder ? files.vocabulary + "/" + kTokenizerJson : files.vocabulary;
  return parse_tokenizer_json_or_throw(path, io::read_file_or_throw(path));
}

std::optional<ByteLevelVocabulary> read_vocabulary_or_throw(
    const std::string& folder, const std::function<std::optional<std::string>(const std::string&)>& read) {
  const auto path_of = [&folder](const std::string& name) { return folder + "/" + name; };
  if (auto json = read(kTokenizerJson))
    return parse_tokenizer_json_or_throw(path_of(kTokenizerJson), std::move(*json));
  auto vocabulary = read(kVocabulary);
  auto merges = read(kMerges);
  if (!vocabulary || !merges) return std::nullopt;
  return parse_pair_or_throw(path_of(kVocabulary), std::move(*vocabulary), path_of(kMerges),
                             std::move(*merges));
}

}  // namespace gpt::tokenizer
