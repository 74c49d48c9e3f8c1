#include "libcommon/tokenizer/wordpiece.hpp"

#include <algorithm>
#include <stdexcept>

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/text/utf8.hpp"
#include "libcommon/tokenizer/token_index.hpp"

namespace gpt::tokenizer {

struct WordPieceTables {
  std::string path;
  LetterCase letter_case = LetterCase::lowered;
  std::size_t longest_word = kLongestBertWord;
  std::vector<std::string> tokens;  // by id
  TokenIndex ids;                   // whole tokens; views into tokens
  TokenIndex continuing;            // those with "##", without it
  std::size_t longest_token = 0;    // bytes
  TokenId unknown = 0;
};

namespace {

constexpr std::string_view kContinues = "##";

std::string_view without_trailing_space(std::string_view line) {
  const std::size_t last = line.find_last_not_of(" \t\r\v\f");
  return last == std::string_view::npos ? std::string_view() : line.substr(0, last + 1);
}

}  // namespace

WordPiece WordPiece::load_or_throw(const std::string& path, LetterCase letter_case,
                                   std::size_t longest_word) {
  return parse_or_throw(path, io::read_file_or_throw(path), letter_case, longest_word);
}

WordPiece WordPiece::parse_or_throw(const std::string& path, std::string_view lines, LetterCase letter_case,
                                    std::size_t longest_word) {
  auto tables = std::make_shared<WordPieceTables>();
  tables->path = path;
  tables->letter_case = letter_case;
  tables->longest_word = longest_word;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    tables->tokens.emplace_back(without_trailing_space(line));
  }
  for (std::size_t id = 0; id < tables->tokens.size(); ++id) {
    const std::string_view token = tables->tokens[id];
    if (token.empty()) continue;
    // Of a token given twice the last counts, as in the programs that read such files first.
    tables->ids.insert_or_assign(token, static_cast<TokenId>(id));
    if (token.starts_with(kContinues) && token.size() > kContinues.size())
      tables->continuing.insert_or_assign(token.substr(kContinues.size()), static_cast<TokenId>(id));
    tables->longest_token = std::max(tables->longest_token, token.size());
  }
  const auto unknown = tables->ids.find("[UNK]");
  if (!unknown) {
    throw io::DataError(path, "has no line [UNK] among its " + std::to_string(tables->tokens.size()) +
                                  " tokens: a WordPiece vocabulary is a vocab.txt with a token a line");
  }
  tables->unknown = *unknown;
  return WordPiece(std::move(tables));
}

std::size_t WordPiece::vocabulary_size() const { return tables_->tokens.size(); }

std::optional<TokenId> WordPiece::token_id(std::string_view token) const { return tables_->ids.find(token); }

std::string_view WordPiece::token_bytes(TokenId id) const { return tables_->tokens[id]; }

TokenId WordPiece::end_of_document_id_or_throw() const {
  for (const std::string_view name : {"[EOD]", "[EOS]", "<|endoftext|>"}) {
    if (const auto id = token_id(name)) return *id;
  }
  throw io::DataError(tables_->path, "has no token [EOD], [EOS] or <|endoftext|> to end documents with");
}

std::string WordPiece::decode_or_throw(std::span<const TokenId> ids) const {
  std::string out;
  for (const TokenId id : ids) {
    if (id >= tables_->tokens.size()) {
      throw std::out_of_range("token id " + std::to_string(id) + " is outside the vocabulary of " +
                              std::to_string(tables_->tokens.size()) + " in " + tables_->path);
    }
    const std::string_view token = tables_->tokens[id];
    if (token.starts_with(kContinues)) {
      out += token.substr(kContinues.size());
    } else {
      if (!out.empty()) out += ' ';
      out += token;
    }
  }
  return out;
}

WordPieceEncoder::WordPieceEncoder(WordPiece vocabulary)
    : vocabulary_(std::move(vocabulary)), words_(vocabulary_.tables().letter_case) {}

void WordPieceEncoder::append(std::string_view text, std::vector<TokenId>& ids) {
  words_.for_each_word(text, [&](std::string_view word) { append_word(word, ids); });
}

void WordPieceEncoder::encode_to(std::string_view text, const TokenSink& sink) {
  constexpr std::size_t kHeld = 4096;
  found_.clear();
  words_.for_each_word(text, [&](std::string_view word) {
    append_word(word, found_);
    if (found_.size() < kHeld) return;
    sink(found_);
    found_.clear();
  });
  sink(found_);
}

std::vector<TokenId> WordPieceEncoder::encode(std::string_view text) {
  std::vector<TokenId> ids;
  append(text, ids);
  return ids;
}

void WordPieceEncoder::append_word(std::string_view word, std::vector<TokenId>& ids) {
  if (word.size() <= WordCache::kLongestWord) {
    if (const auto known = cache_.find(word)) {
      ids.insert(ids.end(), known->begin(), known->end());
      return;
    }
  }
  split_word(word);
  if (word.size() <= WordCache::kLongestWord) cache_.insert(word, pieces_);
  ids.insert(ids.end(), pieces_.begin(), pieces_.end());
}

void WordPieceEncoder::split_word(std::string_view word) {
  const WordPieceTables& tables = vocabulary_.tables();
  pieces_.clear();
  if (word.size() > tables.longest_word && text::count_code_points(word) > tables.longest_word) {
    pieces_.push_back(tables.unknown);
    return;
  }
  for (std::size_t at = 0; at < word.size();) {
    const auto& known = at == 0 ? tables.ids : tables.continuing;
    std::size_t length = std::min(word.size() - at, tables.longest_token);
    auto found = known.find(word.substr(at, length));
    while (!found && --length > 0) found = known.find(word.substr(at, length));
    if (length == 0) {
      pieces_.assign(1, tables.unknown);
      return;
    }
    pieces_.push_back(*found);
    at += length;
  }
}

}  // namespace gpt::tokenizer
