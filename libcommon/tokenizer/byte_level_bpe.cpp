#include "libcommon/tokenizer/byte_level_bpe.hpp"

#include <algorithm>

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/json_text.hpp"
#include "libcommon/tokenizer/bpe_tables.hpp"
#include "libcommon/tokenizer/byte_symbols.hpp"
#include "libcommon/tokenizer/vocabulary_files.hpp"

namespace gpt::tokenizer {
namespace {

void fill_tokens(BpeTables& tables, std::vector<std::string> tokens) {
  tables.tokens = std::move(tokens);
  tables.bytes.reserve(tables.tokens.size());
  tables.ids.reserve(tables.tokens.size());
  for (std::size_t id = 0; id < tables.tokens.size(); ++id) {
    const std::string& token = tables.tokens[id];
    tables.ids.insert(token, static_cast<std::uint32_t>(id));
    tables.bytes.push_back(from_symbols(token).value_or(token));
  }
  for (unsigned byte = 0; byte < 256; ++byte) {
    tables.byte_tokens[byte] =
        tables.ids.find(symbol_text(static_cast<std::uint8_t>(byte))).value_or(BpeTables::kNoToken);
  }
}

// Fills the merges, checking each against the vocabulary. Returns the highest id a merge gives, 0 for none.
std::uint32_t fill_merges(BpeTables& tables, const std::string& merges_path,
                          const std::vector<MergeLine>& lines) {
  const auto id_or_throw = [&](const MergeLine& merge, const std::string& token, const char* what) {
    if (const auto id = tables.ids.find(token)) return *id;
    throw io::DataError(merges_path, merge.line,
                        std::string(what) + " of the merge \"" + merge.left + " " + merge.right +
                            "\" is not among the " + std::to_string(tables.tokens.size()) + " tokens of " +
                            tables.vocabulary_path + ": the two files do not belong together");
  };
  tables.merges = MergeTable(lines.size());
  tables.merge_count = lines.size();
  std::uint32_t highest = 0;
  for (std::size_t rank = 0; rank < lines.size(); ++rank) {
    const MergeLine& merge = lines[rank];
    const std::uint32_t left = id_or_throw(merge, merge.left, "the left part");
    const std::uint32_t right = id_or_throw(merge, merge.right, "the right part");
    const std::uint32_t result = id_or_throw(merge, merge.left + merge.right, "the result");
    highest = std::max(highest, result);
    if (!tables.merges.insert(left, right, {static_cast<std::uint32_t>(rank), result})) {
      throw io::DataError(merges_path, merge.line,
                          "the merge \"" + merge.left + " " + merge.right + "\" is there twice");
    }
  }
  return highest;
}

// True for a token that some merge must have made: byte symbols that are two known tokens end to end.
bool looks_merged(const BpeTables& tables, const std::string& token) {
  if (!from_symbols(token)) return false;
  for (std::size_t cut = 1; cut < token.size(); ++cut) {
    const std::string_view whole = token;
    if (tables.ids.contains(whole.substr(0, cut)) && tables.ids.contains(whole.substr(cut))) return true;
  }
  return false;
}

// A vocabulary whose merged tokens go on after the last merge comes with a merges.txt that was cut at a line
// end, which nothing else would show: texts would just encode to other ids.
void check_complete(const BpeTables& tables, const std::string& merges_path, std::uint32_t highest) {
  const auto refuse = [&](const std::string& what, const std::string& token) {
    throw io::DataError(merges_path,
                        what + ", but " + tables.vocabulary_path + " has " + io::json_string(token) +
                            ", which no merge makes: the file is cut short, or belongs to another "
                            "vocabulary");
  };
  if (tables.merge_count == 0) {
    const auto merged = std::find_if(tables.tokens.begin(), tables.tokens.end(),
                                     [&](const std::string& token) { return looks_merged(tables, token); });
    if (merged != tables.tokens.end()) refuse("it has no merges", *merged);
    return;
  }
  const std::size_t next = std::size_t{highest} + 1;
  if (next < tables.tokens.size() && looks_merged(tables, tables.tokens[next])) {
    refuse("its " + std::to_string(tables.merge_count) + " merges end with token " + std::to_string(highest) +
               " " + io::json_string(tables.tokens[highest]),
           tables.tokens[next]);
  }
}

// Tokens of several characters that no merge makes can only have been given as special ones.
void note_special_tokens(BpeTables& tables) {
  std::vector<bool> is_made(tables.tokens.size());
  for (std::size_t rank = 0; rank < tables.merge_count; ++rank)
    is_made[tables.merges.result_of(static_cast<std::uint32_t>(rank))] = true;
  for (std::size_t id = 0; id < tables.tokens.size(); ++id) {
    if (is_made[id] || tables.bytes[id].size() < 2) continue;
    AddedToken token;
    token.content = tables.tokens[id];
    token.id = static_cast<std::uint32_t>(id);
    token.special = true;
    tables.added.add(std::move(token));
  }
}

}  // namespace

ByteLevelBpe ByteLevelBpe::load_or_throw(const std::string& vocabulary_path, const std::string& merges_path) {
  const std::string vocabulary = io::read_file_or_throw(vocabulary_path);
  const std::string merges = io::read_file_or_throw(merges_path);
  return parse_or_throw(vocabulary_path, vocabulary, merges_path, merges);
}

ByteLevelBpe ByteLevelBpe::parse_or_throw(const std::string& vocabulary_path,
                                          std::string_view vocabulary_json, const std::string& merges_path,
                                          std::string_view merges_text) {
  auto tables = std::make_shared<BpeTables>();
  tables->vocabulary_path = vocabulary_path;
  fill_tokens(*tables, parse_vocabulary_or_throw(vocabulary_path, vocabulary_json));
  const std::vector<MergeLine> lines = parse_merges_or_throw(merges_path, merges_text);
  check_complete(*tables, merges_path, fill_merges(*tables, merges_path, lines));
  note_special_tokens(*tables);
  return ByteLevelBpe(std::move(tables));
}

std::size_t ByteLevelBpe::vocabulary_size() const { return tables_->tokens.size(); }
std::size_t ByteLevelBpe::merge_count() const { return tables_->merge_count; }

std::optional<TokenId> ByteLevelBpe::token_id(std::string_view token) const {
  return tables_->ids.find(token);
}

const std::string& ByteLevelBpe::token(TokenId id) const { return tables_->tokens.at(id); }
std::string_view ByteLevelBpe::token_bytes(TokenId id) const { return tables_->bytes.at(id); }

std::optional<TokenId> ByteLevelBpe::end_of_document_id() const {
  if (const auto id = token_id(kEndOfText)) return id;
  if (tables_->end_of_document) return tables_->end_of_document;
  return token_id("[EOD]");  // of the labs' special tokens
}

TokenId ByteLevelBpe::end_of_document_id_or_throw() const {
  if (const auto id = end_of_document_id()) return *id;
  throw io::DataError(tables_->vocabulary_path,
                      "has no token <|endoftext|> to end documents with: train it with --special-tokens "
                      "'<|endoftext|>'");
}

std::string ByteLevelBpe::decode_or_throw(std::span<const TokenId> ids) const {
  std::string out;
  for (const TokenId id : ids) {
    if (id >= tables_->bytes.size()) {
      throw std::out_of_range("token id " + std::to_string(id) + " is outside the vocabulary of " +
                              std::to_string(tables_->bytes.size()) + " in " + tables_->vocabulary_path);
    }
    out += tables_->bytes[id];
  }
  return out;
}

}  // namespace gpt::tokenizer
