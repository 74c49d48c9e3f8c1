#include "apps/gpt-bpe-train/files/added_tokens_json.hpp"

#include <cstdint>
#include <map>
#include <string_view>
#include <unordered_map>

namespace gpt::bpe_train {

void write_added_tokens(PrettyJson& json, std::span<const std::string> tokens,
                        std::span<const std::string> special_tokens) {
  std::unordered_map<std::string_view, std::uint64_t> ids;
  for (std::size_t id = 0; id < tokens.size(); ++id) ids.emplace(tokens[id], id);
  std::map<std::uint64_t, std::string_view> by_id;
  for (const std::string& token : special_tokens) by_id.emplace(ids.at(token), token);
  json.key("added_tokens").open('[');
  for (const auto& [id, token] : by_id) {
    json.open('{').key("id").value(id).key("content").value(token);
    for (const char* const flag : {"single_word", "lstrip", "rstrip", "normalized"})
      json.key(flag).value(false);
    json.key("special").value(true).close();
  }
  json.close();
}

}  // namespace gpt::bpe_train
