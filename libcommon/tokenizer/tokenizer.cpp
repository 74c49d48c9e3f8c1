#include "libcommon/tokenizer/tokenizer.hpp"

#include "libcommon/tokenizer/byte_level_files.hpp"

namespace gpt::tokenizer {

std::optional<TokenizerType> tokenizer_type_of_name(std::string_view name) {
  if (name == "GPT2BPETokenizer") return TokenizerType::gpt2_bpe;
  if (name == "HFTokenizer" || name == "HuggingFaceTokenizer") return TokenizerType::hugging_face;
  if (name == "BertWordPieceLowerCase") return TokenizerType::bert_lower_case;
  if (name == "BertWordPieceCase") return TokenizerType::bert_case;
  return std::nullopt;
}

void TextEncoder::encode_to_or_throw(std::string_view text, const TokenSink& sink) {
  if (auto* bpe = std::get_if<Encoder>(&encoder_)) {
    bpe->encode_to_or_throw(text, sink);
  } else {
    std::get<WordPieceEncoder>(encoder_).encode_to(text, sink);
  }
}

void TextEncoder::append_or_throw(std::string_view text, std::vector<TokenId>& ids) {
  if (auto* bpe = std::get_if<Encoder>(&encoder_)) {
    bpe->append_or_throw(text, ids);
  } else {
    std::get<WordPieceEncoder>(encoder_).append(text, ids);
  }
}

Tokenizer Tokenizer::load_or_throw(const TokenizerFiles& files) {
  switch (files.type) {
    case TokenizerType::gpt2_bpe:
      return ByteLevelBpe::load_or_throw(files.vocabulary, files.merges);
    case TokenizerType::hugging_face:
      return read_vocabulary_or_throw({files.vocabulary, std::nullopt}).tokens;
    case TokenizerType::bert_lower_case:
      return WordPiece::load_or_throw(files.vocabulary, LetterCase::lowered, files.longest_word);
    case TokenizerType::bert_case:
      return WordPiece::load_or_throw(files.vocabulary, LetterCase::kept, files.longest_word);
  }
  throw std::logic_error("unknown kind of tokenizer");
}

TextEncoder Tokenizer::make_encoder(SpecialTokens special_tokens) const {
  if (const auto* bpe = std::get_if<ByteLevelBpe>(&vocabulary_))
    return TextEncoder(Encoder(*bpe, PrefixSpace::keep, special_tokens));
  return TextEncoder(WordPieceEncoder(std::get<WordPiece>(vocabulary_)));
}

std::size_t Tokenizer::vocabulary_size() const {
  return std::visit([](const auto& vocabulary) { return vocabulary.vocabulary_size(); }, vocabulary_);
}

std::string_view Tokenizer::token_bytes(TokenId id) const {
  return std::visit([id](const auto& vocabulary) { return vocabulary.token_bytes(id); }, vocabulary_);
}

std::optional<TokenId> Tokenizer::unknown_token() const {
  const auto* wordpiece = std::get_if<WordPiece>(&vocabulary_);
  return wordpiece != nullptr ? wordpiece->token_id("[UNK]") : std::nullopt;
}

TokenId Tokenizer::end_of_document_id_or_throw() const {
  return std::visit([](const auto& vocabulary) { return vocabulary.end_of_document_id_or_throw(); },
                    vocabulary_);
}

std::string Tokenizer::decode_or_throw(std::span<const TokenId> ids) const {
  return std::visit([ids](const auto& vocabulary) { return vocabulary.decode_or_throw(ids); }, vocabulary_);
}

}  // namespace gpt::tokenizer
