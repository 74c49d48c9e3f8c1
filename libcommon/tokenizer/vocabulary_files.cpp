#include "libcommon/tokenizer/vocabulary_files.hpp"

#include <cstdint>
#include <optional>

#include <simdjson.h>

#include "libcommon/io/errors.hpp"
#include "libcommon/io/json_text.hpp"
#include "libcommon/tokenizer/token_index.hpp"

namespace gpt::tokenizer {
namespace {

// A vocabulary beyond this is no vocabulary; it also keeps ids in 31 bits for any dataset.
constexpr std::uint64_t kMostTokens = std::uint64_t{1} << 30;

std::string not_json(simdjson::error_code error) {
  return std::string("not a JSON object of tokens and ids: ") + simdjson::error_message(error) +
         ": the file may be cut short, or is not a vocab.json";
}

struct Entry {
  std::string token;
  std::uint64_t id;
};

std::vector<Entry> parse_entries(const std::string& path, std::string_view json) {
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(json);
  simdjson::dom::object object;
  if (const auto error = parser.parse(padded).get(object)) throw io::DataError(path, not_json(error));
  std::vector<Entry> entries;
  entries.reserve(object.size());
  for (const auto& field : object) {
    std::uint64_t id = 0;
    if (field.value.get(id) != simdjson::SUCCESS || id >= kMostTokens) {
      throw io::DataError(path, "the id of token " + io::json_string(field.key) + " is " +
                                    simdjson::minify(field.value) + ", but ids are whole numbers from 0");
    }
    entries.push_back({std::string(field.key), id});
  }
  return entries;
}

std::optional<std::size_t> first_missing(const std::vector<Entry*>& by_id) {
  for (std::size_t id = 0; id < by_id.size(); ++id) {
    if (by_id[id] == nullptr) return id;
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> parse_vocabulary_or_throw(const std::string& path, std::string_view json) {
  std::vector<Entry> entries = parse_entries(path, json);
  if (entries.empty()) throw io::DataError(path, "the vocabulary has no entries");
  TokenIndex seen;
  seen.reserve(entries.size());
  std::vector<Entry*> by_id(entries.size());
  std::uint64_t highest = 0;
  for (Entry& entry : entries) {
    if (!seen.insert(entry.token, 0))
      throw io::DataError(path, "token " + io::json_string(entry.token) + " is there twice");
    highest = std::max(highest, entry.id);
    if (entry.id >= by_id.size()) continue;
    if (const Entry* other = by_id[entry.id]) {
      throw io::DataError(path, "id " + std::to_string(entry.id) + " is given to both " +
                                    io::json_string(other->token) + " and " + io::json_string(entry.token));
    }
    by_id[entry.id] = &entry;
  }
  if (const auto missing = first_missing(by_id)) {
    throw io::DataError(path, "ids must run from 0 without gaps: there are " +
                                  std::to_string(entries.size()) + " entries and the highest id is " +
                                  std::to_string(highest) + ", but none has id " + std::to_string(*missing));
  }
  std::vector<std::string> tokens;
  tokens.reserve(by_id.size());
  for (Entry* entry : by_id) tokens.push_back(std::move(entry->token));
  return tokens;
}

std::vector<MergeLine> parse_merges_or_throw(const std::string& path, std::string_view text) {
  std::vector<MergeLine> merges;
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos)
      throw io::DataError(path, number, "the line has no end: the file is cut short");
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (number == 1 && line.starts_with("#version")) continue;
    if (line.empty() && text.empty()) break;
    const std::size_t space = line.find(' ');
    const bool two_tokens = space != std::string_view::npos && space > 0 && space + 1 < line.size() &&
                            line.find(' ', space + 1) == std::string_view::npos;
    if (!two_tokens) {
      throw io::DataError(path, number,
                          "a merge is two tokens with one space between, not " + io::json_string(line));
    }
    merges.push_back({std::string(line.substr(0, space)), std::string(line.substr(space + 1)), number});
  }
  return merges;
}

std::string vocabulary_json(std::span<const std::string> tokens) {
  std::string out = "{";
  for (std::size_t id = 0; id < tokens.size(); ++id) {
    if (id != 0) out += ',';
    io::append_json_string(out, tokens[id]);
    out += ':';
    out += std::to_string(id);
  }
  out += '}';
  return out;
}

std::string merges_text(std::span<const std::pair<std::string, std::string>> merges) {
  std::string out = "#version: 0.2\n";
  for (const auto& [left, right] : merges) {
    out += left;
    out += ' ';
    out += right;
    out += '\n';
  }
  return out;
}

}  // namespace gpt::tokenizer
