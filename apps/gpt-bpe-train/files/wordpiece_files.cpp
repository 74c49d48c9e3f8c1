#include "apps/gpt-bpe-train/files/wordpiece_files.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "apps/gpt-bpe-train/files/added_tokens_json.hpp"
#include "apps/gpt-bpe-train/files/pretty_json.hpp"
#include "libcommon/tokenizer/wordpiece.hpp"

namespace gpt::bpe_train {
namespace {

using tokenizer::LetterCase;

bool holds(std::span<const std::string> tokens, std::string_view token) {
  return std::find(tokens.begin(), tokens.end(), token) != tokens.end();
}

void write_mark(PrettyJson& json, const char* key, std::span<const std::string> tokens,
                std::string_view token) {
  const auto found = std::find(tokens.begin(), tokens.end(), token);
  json.key(key).open('[').value(token).value(static_cast<std::uint64_t>(found - tokens.begin())).close();
}

void write_post_processor(PrettyJson& json, std::span<const std::string> tokens,
                          std::span<const std::string> special_tokens) {
  json.key("post_processor");
  if (!holds(special_tokens, "[CLS]") || !holds(special_tokens, "[SEP]")) {
    json.null();
    return;
  }
  json.open('{').key("type").value("BertProcessing");
  write_mark(json, "sep", tokens, "[SEP]");
  write_mark(json, "cls", tokens, "[CLS]");
  json.close();
}

void write_model(PrettyJson& json, std::span<const std::string> tokens) {
  json.key("model").open('{').key("type").value("WordPiece").key("unk_token").value("[UNK]");
  json.key("continuing_subword_prefix").value("##");
  json.key("max_input_chars_per_word").value(std::uint64_t{tokenizer::kLongestBertWord});
  json.key("vocab").open('{');
  for (std::size_t id = 0; id < tokens.size(); ++id) json.key(tokens[id]).value(std::uint64_t{id});
  json.close().close();
}

}  // namespace

std::string wordpiece_vocabulary_text(std::span<const std::string> tokens) {
  std::string text;
  for (const std::string& token : tokens) text.append(token).append("\n");
  return text;
}

std::string wordpiece_tokenizer_json(std::span<const std::string> tokens,
                                     std::span<const std::string> special_tokens, LetterCase letter_case) {
  PrettyJson json;
  json.open('{').key("version").value("1.0").key("truncation").null().key("padding").null();
  write_added_tokens(json, tokens, special_tokens);
  json.key("normalizer").open('{').key("type").value("BertNormalizer").key("clean_text").value(true);
  json.key("handle_chinese_chars").value(true).key("strip_accents").null();
  json.key("lowercase").value(letter_case == LetterCase::lowered).close();
  json.key("pre_tokenizer").open('{').key("type").value("BertPreTokenizer").close();
  write_post_processor(json, tokens, special_tokens);
  json.key("decoder").open('{').key("type").value("WordPiece").key("prefix").value("##");
  json.key("cleanup").value(true).close();
  write_model(json, tokens);
  return json.close().text();
}

std::string wordpiece_config_json(std::span<const std::string> special_tokens, LetterCase letter_case) {
  PrettyJson json;
  json.open('{').key("clean_up_tokenization_spaces").value(true);
  json.key("do_lower_case").value(letter_case == LetterCase::lowered);
  const std::pair<const char*, const char*> roles[] = {{"cls_token", "[CLS]"},   {"eos_token", "[EOS]"},
                                                       {"mask_token", "[MASK]"}, {"pad_token", "[PAD]"},
                                                       {"sep_token", "[SEP]"},   {"unk_token", "[UNK]"}};
  for (const auto& [role, token] : roles) {
    if (holds(special_tokens, token)) json.key(role).value(token);
  }
  json.key("strip_accents").null().key("tokenize_chinese_chars").value(true);
  json.key("tokenizer_class").value("BertTokenizer");
  return json.close().text() + "\n";
}

}  // namespace gpt::bpe_train
