#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "libcommon/tokenizer/encoder.hpp"
#include "libcommon/tokenizer/wordpiece.hpp"

namespace gpt::tokenizer {

// The kinds of tokenizer by their names in Megatron-LM.
enum class TokenizerType { gpt2_bpe, hugging_face, bert_lower_case, bert_case };

// "GPT2BPETokenizer", "HFTokenizer", "BertWordPieceLowerCase", "BertWordPieceCase"; empty for other names.
std::optional<TokenizerType> tokenizer_type_of_name(std::string_view name);

struct TokenizerFiles {
  TokenizerType type = TokenizerType::gpt2_bpe;
  std::string vocabulary;  // vocab.json, tokenizer.json or a folder that holds it, vocab.txt
  std::string merges;      // merges.txt, for gpt2_bpe alone
  std::size_t longest_word = kLongestMegatronWord;  // of WordPiece, in characters
};

// Encodes texts by any kind of tokenizer; one a thread.
class TextEncoder {
 public:
  explicit TextEncoder(std::variant<Encoder, WordPieceEncoder> encoder) : encoder_(std::move(encoder)) {}

  // Hands the text's ids on, some at a time. Throws UnknownByte (word_merger.hpp).
  void encode_to_or_throw(std::string_view text, const TokenSink& sink);
  // Appends them. Throws as above.
  void append_or_throw(std::string_view text, std::vector<TokenId>& ids);

 private:
  std::variant<Encoder, WordPieceEncoder> encoder_;
};

// A tokenizer of any kind: read once, then only read, by any number of threads.
class Tokenizer {
 public:
  // Throws io::IoError, io::DataError.
  static Tokenizer load_or_throw(const TokenizerFiles& files);

  Tokenizer(ByteLevelBpe vocabulary)
      : vocabulary_(std::move(vocabulary)) {}  // NOLINT(google-explicit-constructor)
  Tokenizer(WordPiece vocabulary)
      : vocabulary_(std::move(vocabulary)) {}  // NOLINT(google-explicit-constructor)

  TextEncoder make_encoder(SpecialTokens special_tokens = SpecialTokens::are_text) const;

  std::size_t vocabulary_size() const;
  // The bytes that a token stands for; of WordPiece the token as its vocabulary has it. Holds as long as
  // this.
  std::string_view token_bytes(TokenId id) const;
  // What stands for words that cannot be encoded; only WordPiece has such a token.
  std::optional<TokenId> unknown_token() const;
  TokenId end_of_document_id_or_throw() const;                      // io::DataError
  std::string decode_or_throw(std::span<const TokenId> ids) const;  // std::out_of_range

 private:
  std::variant<ByteLevelBpe, WordPiece> vocabulary_;
};

}  // namespace gpt::tokenizer
