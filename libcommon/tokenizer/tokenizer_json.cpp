// tokenizer.json as Hugging Face tokenizers writes it, where its model is byte-level BPE.
#include <algorithm>
#include <utility>

#include <simdjson.h>

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/json_text.hpp"
#include "libcommon/tokenizer/bpe_tables.hpp"
#include "libcommon/tokenizer/byte_level_bpe.hpp"
#include "libcommon/tokenizer/byte_symbols.hpp"

namespace gpt::tokenizer {
namespace {

using Element = simdjson::dom::element;
using Object = simdjson::dom::object;
using Array = simdjson::dom::array;

// Ids are kept in an array, so one number too large must not ask for all memory.
constexpr std::uint64_t kMostTokens = std::uint64_t{1} << 26;

class Reader {
 public:
  Reader(const std::string& path, BpeTables& tables) : path_(path), tables_(tables) {}

  void read_or_throw(Element root) {
    Object file;
    if (root.get(file) != simdjson::SUCCESS) refuse("is no JSON object: it is not a tokenizer.json");
    Object model;
    if (file["model"].get(model) != simdjson::SUCCESS) refuse("has no \"model\": it is not a tokenizer.json");
    check_model(model);
    read_vocabulary(model);
    read_added_tokens(file);
    check_ids();
    read_merges(model);
    read_normalizer(member(file, "normalizer"));
    read_pre_tokenizer(member(file, "pre_tokenizer"));
    if (!split_) refuse("its pre_tokenizer names no split pattern: it is not of the byte-level BPE family");
    tables_.split = *split_;
    keep_added_tokens();
  }

 private:
  [[noreturn]] void refuse(const std::string& reason) const { throw io::DataError(path_, reason); }

  // Absent and null are alike.
  static std::optional<Element> member(Object object, std::string_view key) {
    Element found;
    if (object[key].get(found) != simdjson::SUCCESS || found.is_null()) return std::nullopt;
    return found;
  }
  static std::string string_of(Object object, std::string_view key) {
    std::string_view found;
    if (object[key].get(found) != simdjson::SUCCESS) return {};
    return std::string(found);
  }
  static bool flag_of(Object object, std::string_view key, bool otherwise) {
    bool found = otherwise;
    if (object[key].get(found) != simdjson::SUCCESS) return otherwise;
    return found;
  }
  Object object_of(Element element, const std::string& what) const {
    Object object;
    if (element.get(object) != simdjson::SUCCESS) refuse(what + " is no object");
    return object;
  }
  Array array_of(Object object, std::string_view key) const {
    Array array;
    if (object[key].get(array) != simdjson::SUCCESS)
      refuse("\"" + std::string(key) + "\" is missing or no list");
    return array;
  }

  void check_model(Object model) const {
    const std::string type = string_of(model, "type");
    if (type == "WordPiece") {
      refuse(
          "its model is WordPiece: pass its vocab.txt with --tokenizer-type BertWordPieceLowerCase or "
          "BertWordPieceCase");
    }
    if (!type.empty() && type != "BPE")
      refuse("its model is " + io::json_string(type) + ", but only byte-level BPE is read");
    if (member(model, "dropout"))
      refuse("its model drops merges at random (\"dropout\"), which cannot be repeated");
    for (const char* const key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
      if (const std::string text = string_of(model, key); !text.empty())
        refuse("its model has " + std::string(key) + " " + io::json_string(text) + ": it is not byte-level");
    }
    if (flag_of(model, "byte_fallback", false))
      refuse("its model has byte_fallback, as SentencePiece's, and is not byte-level");
  }

  void put_token(std::string_view content, std::uint64_t id) {
    if (id >= kMostTokens)
      refuse("the id of token " + io::json_string(content) + " is " + std::to_string(id));
    if (id >= tables_.tokens.size()) {
      tables_.tokens.resize(id + 1);
      is_used_.resize(id + 1);
    }
    if (is_used_[id] && tables_.tokens[id] != content) {
      refuse("id " + std::to_string(id) + " is given to both " + io::json_string(tables_.tokens[id]) +
             " and " + io::json_string(content));
    }
    is_used_[id] = true;
    tables_.tokens[id] = content;
  }

  void read_vocabulary(Object model) {
    Object vocabulary;
    if (model["vocab"].get(vocabulary) != simdjson::SUCCESS)
      refuse("its model has no \"vocab\" of tokens and ids");
    for (const auto& field : vocabulary) {
      std::uint64_t id = 0;
      if (field.value.get(id) != simdjson::SUCCESS)
        refuse("the id of token " + io::json_string(field.key) + " is no whole number from 0");
      put_token(field.key, id);
    }
    if (tables_.tokens.empty()) refuse("the vocabulary has no entries");
    model_tokens_ = is_used_;
  }

  void read_added_tokens(Object file) {
    if (!member(file, "added_tokens")) return;
    for (const Element entry : array_of(file, "added_tokens")) {
      const Object object = object_of(entry, "an entry of \"added_tokens\"");
      std::uint64_t id = 0;
      AddedToken token;
      token.content = string_of(object, "content");
      if (object["id"].get(id) != simdjson::SUCCESS || token.content.empty())
        refuse("an entry of \"added_tokens\" lacks its id or content");
      put_token(token.content, id);
      token.id = static_cast<std::uint32_t>(id);
      token.special = flag_of(object, "special", false);
      token.normalized = flag_of(object, "normalized", !token.special);
      token.single_word = flag_of(object, "single_word", false);
      token.takes_left = flag_of(object, "lstrip", false);
      token.takes_right = flag_of(object, "rstrip", false);
      added_.push_back(std::move(token));
    }
  }

  // In: all tokens are there. Views into them are taken from here on.
  void check_ids() {
    tables_.ids.reserve(tables_.tokens.size());
    tables_.bytes.resize(tables_.tokens.size());
    for (std::size_t id = 0; id < tables_.tokens.size(); ++id) {
      if (!is_used_[id]) continue;
      const std::string& token = tables_.tokens[id];
      if (!tables_.ids.insert(token, static_cast<std::uint32_t>(id)))
        refuse("token " + io::json_string(token) + " has two ids");
      tables_.bytes[id] = from_symbols(token).value_or(token);
      tables_.longest_token = std::max(tables_.longest_token, tables_.bytes[id].size());
    }
    for (const AddedToken& token : added_) tables_.bytes[token.id] = token.content;
    for (unsigned byte = 0; byte < 256; ++byte) {
      const auto found = tables_.ids.find(symbol_text(static_cast<std::uint8_t>(byte)));
      const bool there = found && *found < model_tokens_.size() && model_tokens_[*found];
      tables_.byte_tokens[byte] = there ? *found : BpeTables::kNoToken;
    }
  }

  std::uint32_t id_or_throw(std::string_view token, std::size_t merge) const {
    const auto found = tables_.ids.find(token);
    if (!found) {
      refuse("merge " + std::to_string(merge) + " has or makes " + io::json_string(token) +
             ", which is not in its vocabulary");
    }
    return *found;
  }

  void read_merges(Object model) {
    const Array merges = array_of(model, "merges");
    tables_.merges = MergeTable(merges.size());
    std::size_t rank = 0;
    for (const Element entry : merges) {
      const auto [left, right] = parts_of_merge(entry, rank);
      const std::uint32_t result = id_or_throw(std::string(left) + std::string(right), rank);
      if (!tables_.merges.insert(id_or_throw(left, rank), id_or_throw(right, rank),
                                 {static_cast<std::uint32_t>(rank), result})) {
        refuse("merge " + std::to_string(rank) + " is there twice");
      }
      ++rank;
    }
    tables_.merge_count = rank;
    if (flag_of(model, "ignore_merges", false)) tables_.whole_pieces = WholePieces::taken;
  }

  // "a b", or since 2024 ["a", "b"].
  std::pair<std::string_view, std::string_view> parts_of_merge(Element entry, std::size_t rank) const {
    std::string_view line;
    if (entry.get(line) == simdjson::SUCCESS) {
      const std::size_t space = line.find(' ');
      if (space != std::string_view::npos && space > 0 && space + 1 < line.size())
        return {line.substr(0, space), line.substr(space + 1)};
    }
    Array pair;
    std::string_view left;
    std::string_view right;
    if (entry.get(pair) == simdjson::SUCCESS && pair.size() == 2 &&
        pair.at(0).get(left) == simdjson::SUCCESS && pair.at(1).get(right) == simdjson::SUCCESS)
      return {left, right};
    refuse("merge " + std::to_string(rank) + " is not two tokens");
  }

  void read_normalizer(std::optional<Element> element) {
    if (!element) return;
    const Object object = object_of(*element, "\"normalizer\"");
    const std::string type = string_of(object, "type");
    if (type == "Sequence") {
      for (const Element part : array_of(object, "normalizers")) read_normalizer(part);
      return;
    }
    const auto form = type == "NFC"    ? std::optional(text::NormalForm::nfc)
                      : type == "NFKC" ? std::optional(text::NormalForm::nfkc)
                                       : std::nullopt;
    if (!form || (tables_.normal_form && tables_.normal_form != form))
      refuse("its normalizer is " + io::json_string(type) + ", but only NFC and NFKC are supported");
    tables_.normal_form = form;
  }

  void read_pre_tokenizer(std::optional<Element> element) {
    if (!element) refuse("has no pre_tokenizer: it is not of the byte-level BPE family");
    const Object object = object_of(*element, "\"pre_tokenizer\"");
    const std::string type = string_of(object, "type");
    if (type == "Sequence") {
      for (const Element part : array_of(object, "pretokenizers")) read_pre_tokenizer(part);
    } else if (type == "ByteLevel") {
      read_byte_level(object);
    } else if (type == "Split") {
      read_split(object);
    } else {
      refuse("its pre_tokenizer is " + io::json_string(type) +
             ", but only Split and ByteLevel are supported");
    }
  }

  void read_byte_level(Object object) {
    if (flag_of(object, "use_regex", true)) set_split(SplitPattern::gpt2);
    if (!flag_of(object, "add_prefix_space", true)) return;
    // The library would put a space before every piece of another pattern, which no known model asks for.
    if (split_ != SplitPattern::gpt2 || had_split_)
      refuse(
          "its pre_tokenizer ByteLevel has add_prefix_space after a split pattern, which is not supported");
    tables_.prefix_space = PrefixSpace::add;
  }

  void read_split(Object object) {
    Object pattern;
    if (object["pattern"].get(pattern) != simdjson::SUCCESS) refuse("its split pattern is missing");
    const std::string regex = string_of(pattern, "Regex");
    const auto known = split_pattern_of_regex(regex);
    if (!known) {
      refuse("its split pattern is " + io::json_string(regex.empty() ? string_of(pattern, "String") : regex) +
             ", but only these are supported: " + known_split_patterns());
    }
    const std::string behavior = string_of(object, "behavior");
    const bool inverted = flag_of(object, "invert", false);
    if (inverted ? behavior != "Removed" : behavior != "Isolated") {
      refuse("its split pattern is applied as " + io::json_string(behavior) + (inverted ? ", inverted" : "") +
             ", but only \"Isolated\" (or \"Removed\", inverted) is supported");
    }
    set_split(*known);
    had_split_ = true;
  }

  void set_split(SplitPattern pattern) {
    if (split_) refuse("its pre_tokenizer splits by two patterns, which is not supported");
    split_ = pattern;
  }

  void keep_added_tokens() {
    for (const std::string_view name : {"</s>", "<|eot_id|>", "<|end_of_text|>"}) {
      if (const auto found = tables_.ids.find(name)) tables_.end_of_document = *found;
    }
    for (AddedToken& token : added_) {
      if (token.normalized && tables_.normal_form)
        token.content = text::normalize(token.content, *tables_.normal_form);
      tables_.added.add(std::move(token));
    }
  }

  const std::string& path_;
  BpeTables& tables_;
  std::vector<bool> is_used_;
  std::vector<bool> model_tokens_;  // ids that the model itself has, not only the added tokens
  std::vector<AddedToken> added_;
  std::optional<SplitPattern> split_;
  bool had_split_ = false;
};

}  // namespace

ByteLevelBpe ByteLevelBpe::load_tokenizer_json_or_throw(const std::string& path) {
  return parse_tokenizer_json_or_throw(path, io::read_file_or_throw(path));
}

ByteLevelBpe ByteLevelBpe::parse_tokenizer_json_or_throw(const std::string& path, std::string_view json) {
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(json);
  Element root;
  if (const auto error = parser.parse(padded).get(root)) {
    throw io::DataError(path, std::string("not JSON: ") + simdjson::error_message(error) +
                                  ": the file may be cut short, or is not a tokenizer.json");
  }
  auto tables = std::make_shared<BpeTables>();
  tables->vocabulary_path = path;
  Reader(path, *tables).read_or_throw(root);
  return ByteLevelBpe(std::move(tables));
}

}  // namespace gpt::tokenizer
