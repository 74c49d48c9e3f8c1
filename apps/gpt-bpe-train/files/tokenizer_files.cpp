#include "apps/gpt-bpe-train/files/tokenizer_files.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>

#include "apps/gpt-bpe-train/files/added_tokens_json.hpp"
#include "apps/gpt-bpe-train/files/pretty_json.hpp"

namespace gpt::bpe_train {
namespace {

using tokenizer::SplitPattern;

void write_normalizer(PrettyJson& json, const WordSplitting& splitting) {
  json.key("normalizer");
  if (!splitting.normal_form) {
    json.null();
    return;
  }
  json.open('{').key("type").value(*splitting.normal_form == text::NormalForm::nfc ? "NFC" : "NFKC").close();
}

struct ByteLevel {
  bool add_prefix_space = true;
  bool trim_offsets = true;
  bool use_regex = true;
};

void write_byte_level(PrettyJson& json, ByteLevel part) {
  json.open('{').key("type").value("ByteLevel").key("add_prefix_space").value(part.add_prefix_space);
  json.key("trim_offsets").value(part.trim_offsets).key("use_regex").value(part.use_regex).close();
}

void write_pre_tokenizer(PrettyJson& json, const WordSplitting& splitting) {
  json.key("pre_tokenizer");
  if (splitting.pattern == SplitPattern::gpt2) {
    write_byte_level(json, {.add_prefix_space = splitting.prefix_space == PrefixSpace::add});
    return;
  }
  json.open('{').key("type").value("Sequence").key("pretokenizers").open('[');
  json.open('{').key("type").value("Split").key("pattern").open('{');
  json.key("Regex").value(tokenizer::regex_of(splitting.pattern)).close();
  json.key("behavior").value("Isolated").key("invert").value(false).close();
  write_byte_level(json, {.add_prefix_space = false, .use_regex = false});
  json.close().close();
}

void write_model(PrettyJson& json, const Vocabulary& vocabulary) {
  json.key("model").open('{').key("type").value("BPE");
  for (const char* const key : {"dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix"})
    json.key(key).null();
  for (const char* const key : {"fuse_unk", "byte_fallback", "ignore_merges"}) json.key(key).value(false);
  json.key("vocab").open('{');
  for (std::size_t id = 0; id < vocabulary.tokens.size(); ++id)
    json.key(vocabulary.tokens[id]).value(std::uint64_t{id});
  json.close().key("merges").open('[');
  for (const auto& [left, right] : vocabulary.merges) json.open('[').value(left).value(right).close();
  json.close().close();
}

// The first of the names that is a special token; empty if none is.
std::string_view first_of(std::initializer_list<std::string_view> names,
                          std::span<const std::string> special_tokens) {
  for (const std::string_view name : names) {
    if (std::find(special_tokens.begin(), special_tokens.end(), name) != special_tokens.end()) return name;
  }
  return {};
}

}  // namespace

std::string tokenizer_json(const Vocabulary& vocabulary, std::span<const std::string> special_tokens,
                           const WordSplitting& splitting) {
  PrettyJson json;
  json.open('{').key("version").value("1.0").key("truncation").null().key("padding").null();
  write_added_tokens(json, vocabulary.tokens, special_tokens);
  write_normalizer(json, splitting);
  write_pre_tokenizer(json, splitting);
  json.key("post_processor");
  write_byte_level(json, {.trim_offsets = false});
  json.key("decoder");
  write_byte_level(json, {});
  write_model(json, vocabulary);
  return json.close().text();
}

std::string tokenizer_config_json(std::span<const std::string> special_tokens,
                                  const WordSplitting& splitting) {
  PrettyJson json;
  json.open('{');
  if (splitting.pattern == SplitPattern::gpt2)
    json.key("add_prefix_space").value(splitting.prefix_space == PrefixSpace::add);
  json.key("clean_up_tokenization_spaces").value(false);
  const auto role = [&](const char* key, std::initializer_list<std::string_view> names) {
    if (const auto token = first_of(names, special_tokens); !token.empty()) json.key(key).value(token);
  };
  role("bos_token", {"[BOS]", "<s>", "<bos>", "<|begin_of_text|>", "<|endoftext|>"});
  role("cls_token", {"[CLS]", "<cls>"});
  role("eos_token", {"[EOS]", "</s>", "<eos>", "<|end_of_text|>", "<|endoftext|>", "[EOD]"});
  role("mask_token", {"[MASK]", "<mask>"});
  role("pad_token", {"[PAD]", "<pad>", "<|pad|>"});
  role("sep_token", {"[SEP]", "<sep>"});
  json.key("tokenizer_class").value("PreTrainedTokenizerFast");
  role("unk_token", {"[UNK]", "<unk>"});
  return json.close().text() + "\n";
}

}  // namespace gpt::bpe_train
