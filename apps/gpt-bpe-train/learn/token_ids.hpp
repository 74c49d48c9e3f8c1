#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gpt::bpe_train {

// Tokens in the order of their ids, while a vocabulary grows.
class TokenIds {
 public:
  // The id of a token, which is given one if it has none yet.
  std::uint32_t id_of(const std::string& token) {
    const auto [found, is_new] = ids_.try_emplace(token, static_cast<std::uint32_t>(tokens_.size()));
    if (is_new) tokens_.push_back(token);
    return found->second;
  }
  std::optional<std::uint32_t> known_id(const std::string& token) const {
    const auto found = ids_.find(token);
    if (found == ids_.end()) return std::nullopt;
    return found->second;
  }
  const std::string& operator[](std::uint32_t id) const { return tokens_[id]; }
  std::size_t size() const { return tokens_.size(); }
  std::vector<std::string> take() { return std::move(tokens_); }

 private:
  std::vector<std::string> tokens_;
  std::unordered_map<std::string, std::uint32_t> ids_;
};

}  // namespace gpt::bpe_train
