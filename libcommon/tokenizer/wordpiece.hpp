#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libcommon/tokenizer/byte_level_bpe.hpp"
#include "libcommon/tokenizer/token_sink.hpp"
#include "libcommon/tokenizer/word_cache.hpp"
#include "libcommon/tokenizer/wordpiece_text.hpp"

namespace gpt::tokenizer {

struct WordPieceTables;

// A word of more characters than this is [UNK]: 100 in Hugging Face's tokenizers, 200 in Megatron-LM's.
inline constexpr std::size_t kLongestBertWord = 100;
inline constexpr std::size_t kLongestMegatronWord = 200;

// A WordPiece vocabulary as BERT's: a vocab.txt with a token a line, its number from 0 being the id; tokens
// that continue a word begin with "##". Read once, then only read, by any number of threads; copies share the
// tables.
class WordPiece {
 public:
  // Throws io::IoError; io::DataError when the file has no tokens or no [UNK].
  static WordPiece load_or_throw(const std::string& path, LetterCase letter_case,
                                 std::size_t longest_word = kLongestBertWord);
  static WordPiece parse_or_throw(const std::string& path, std::string_view lines, LetterCase letter_case,
                                  std::size_t longest_word = kLongestBertWord);

  std::size_t vocabulary_size() const;
  std::optional<TokenId> token_id(std::string_view token) const;
  // The token as its line has it, "##" included.
  std::string_view token_bytes(TokenId id) const;

  // The token that ends documents: the one of [EOD], [EOS], <|endoftext|> that is there. Throws io::DataError
  // naming the vocabulary when it has none.
  TokenId end_of_document_id_or_throw() const;

  // Words with spaces between; what continues a word without. The text itself cannot be had back. Throws
  // std::out_of_range for an id outside the vocabulary.
  std::string decode_or_throw(std::span<const TokenId> ids) const;

  const WordPieceTables& tables() const { return *tables_; }

 private:
  explicit WordPiece(std::shared_ptr<const WordPieceTables> tables) : tables_(std::move(tables)) {}
  std::shared_ptr<const WordPieceTables> tables_;
};

// Encodes texts with one vocabulary, one encoder a thread: words as WordPieceText cuts them, and of each the
// longest token that begins it, then the longest that continues it, to the end; [UNK] where there is none.
class WordPieceEncoder {
 public:
  explicit WordPieceEncoder(WordPiece vocabulary);

  // Hands the text's ids on, some at a time. Bytes that are no UTF-8 are passed over.
  void encode_to(std::string_view text, const TokenSink& sink);
  // Appends them.
  void append(std::string_view text, std::vector<TokenId>& ids);
  std::vector<TokenId> encode(std::string_view text);

 private:
  void append_word(std::string_view word, std::vector<TokenId>& ids);
  void split_word(std::string_view word);

  WordPiece vocabulary_;
  WordPieceText words_;
  WordCache cache_;
  std::vector<TokenId> pieces_;  // of the word in hand
  std::vector<TokenId> found_;   // not yet handed on
};

}  // namespace gpt::tokenizer
