#include "apps/gpt-bpe-train/evaluate/measured_vocabulary.hpp"

#include <filesystem>

#include <simdjson.h>

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"

namespace gpt::bpe_train {
namespace {

tokenizer::TokenizerType letter_case_or_throw(const std::string& config) {
  if (!std::filesystem::exists(config)) return tokenizer::TokenizerType::bert_lower_case;
  simdjson::dom::parser parser;
  simdjson::dom::element json;
  const simdjson::padded_string text(io::read_file_or_throw(config));
  if (parser.parse(text).get(json) != simdjson::SUCCESS) throw io::DataError(config, "is not valid JSON");
  bool lowers = true;
  if (json["do_lower_case"].get(lowers) != simdjson::SUCCESS) lowers = true;
  return lowers ? tokenizer::TokenizerType::bert_lower_case : tokenizer::TokenizerType::bert_case;
}

tokenizer::TokenizerFiles files_of_or_throw(const std::string& folder) {
  const auto path = [&](const char* name) { return folder + "/" + name; };
  if (std::filesystem::exists(path("vocab.txt"))) {
    return {letter_case_or_throw(path("tokenizer_config.json")), path("vocab.txt"), "",
            tokenizer::kLongestBertWord};
  }
  if (std::filesystem::exists(path("tokenizer.json")))
    return {tokenizer::TokenizerType::hugging_face, path("tokenizer.json"), ""};
  if (!std::filesystem::exists(path("vocab.json")))
    throw io::DataError(folder, "holds no vocabulary: neither tokenizer.json, vocab.json nor vocab.txt");
  return {tokenizer::TokenizerType::gpt2_bpe, path("vocab.json"), path("merges.txt")};
}

}  // namespace

MeasuredVocabulary load_measured_or_throw(const std::string& folder) {
  return {folder, tokenizer::Tokenizer::load_or_throw(files_of_or_throw(folder))};
}

}  // namespace gpt::bpe_train
