#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace gpt::tokenizer {

using TokenId = std::uint32_t;

// The token that stands between documents in GPT-2's vocabulary and in those of gpt-bpe-train.
inline constexpr std::string_view kEndOfText = "<|endoftext|>";

struct BpeTables;

// A byte-level BPE vocabulary as GPT-2's (docs/formats/vocab-merges.md): read once, then only read, by any
// number of threads. Copies share the tables. Texts are encoded by an Encoder (encoder.hpp), one a thread.
class ByteLevelBpe {
 public:
  // Throws io::IoError; io::DataError when a file is damaged or the two do not belong together: a merge whose
  // parts or result the vocabulary lacks, a vocabulary that goes on where the merges stop.
  static ByteLevelBpe load_or_throw(const std::string& vocabulary_path, const std::string& merges_path);

  // The same from the files' contents; the paths are for messages.
  static ByteLevelBpe parse_or_throw(const std::string& vocabulary_path, std::string_view vocabulary_json,
                                     const std::string& merges_path, std::string_view merges_text);

  // A vocabulary with everything a tokenizer.json of the byte-level BPE family says
  // (docs/formats/tokenizer-json.md). Throws io::IoError; io::DataError naming what the file asks for that is
  // not supported, its split pattern above all, as for damaged files.
  static ByteLevelBpe load_tokenizer_json_or_throw(const std::string& path);
  static ByteLevelBpe parse_tokenizer_json_or_throw(const std::string& path, std::string_view json);

  // Entries of vocab.json: ids are 0 … vocabulary_size() − 1.
  std::size_t vocabulary_size() const;
  std::size_t merge_count() const;

  // token: spelled as in vocab.json ("Ġthe", "<|endoftext|>").
  std::optional<TokenId> token_id(std::string_view token) const;
  const std::string& token(TokenId id) const;

  // The bytes a token stands for; a token that is not written in byte symbols stands for itself.
  // A token may end inside a UTF-8 sequence.
  std::string_view token_bytes(TokenId id) const;

  // The token that ends documents: <|endoftext|>, or, of a tokenizer.json without it, the one of
  // <|end_of_text|>, <|eot_id|>, </s> that is there, or [EOD]. Throws io::DataError naming the vocabulary when it has none.
  TokenId end_of_document_id_or_throw() const;
  std::optional<TokenId> end_of_document_id() const;

  // The bytes of consecutive tokens. Throws std::out_of_range for an id outside the vocabulary.
  std::string decode_or_throw(std::span<const TokenId> ids) const;

  const BpeTables& tables() const { return *tables_; }

 private:
  explicit ByteLevelBpe(std::shared_ptr<const BpeTables> tables) : tables_(std::move(tables)) {}
  std::shared_ptr<const BpeTables> tables_;
};

}  // namespace gpt::tokenizer
