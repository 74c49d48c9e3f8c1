#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <xxhash.h>

namespace gpt::tokenizer {

// Which id a token has: a flat hash table of views, whose texts the caller keeps where they are.
class TokenIndex {
 public:
  TokenIndex() { slots_.resize(kFewestSlots); }

  // For this many tokens without growing.
  void reserve(std::size_t tokens) {
    std::size_t slots = slots_.size();
    while (slots < 2 * tokens) slots *= 2;
    if (slots != slots_.size()) rehash(slots);
    entries_.reserve(tokens);
  }

  // False when the token is there; then it keeps its id.
  bool insert(std::string_view token, std::uint32_t id) {
    if (2 * (entries_.size() + 1) > slots_.size()) rehash(2 * slots_.size());
    const Place place = place_of(token);
    if (place.is_taken) return false;
    entries_.push_back({token, id});
    slots_[place.at] = {place.tag, static_cast<std::uint32_t>(entries_.size())};
    return true;
  }
  // The token has this id from now on.
  void insert_or_assign(std::string_view token, std::uint32_t id) {
    if (!insert(token, id)) entries_[slots_[place_of(token).at].entry - 1].id = id;
  }

  std::optional<std::uint32_t> find(std::string_view token) const {
    const Place place = place_of(token);
    if (!place.is_taken) return std::nullopt;
    return entries_[slots_[place.at].entry - 1].id;
  }
  bool contains(std::string_view token) const { return place_of(token).is_taken; }

 private:
  struct Entry {
    std::string_view token;
    std::uint32_t id;
  };
  struct Slot {
    std::uint32_t tag = 0;    // bits of the hash
    std::uint32_t entry = 0;  // its place in entries_ + 1; 0: free
  };
  struct Place {
    std::size_t at;
    std::uint32_t tag;
    bool is_taken;
  };

  static constexpr std::size_t kFewestSlots = 64;

  Place place_of(std::string_view token) const {
    const std::uint64_t hash = XXH3_64bits(token.data(), token.size());
    const auto tag = static_cast<std::uint32_t>(hash >> 32);
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    for (; slots_[at].entry != 0; at = (at + 1) & mask) {
      if (slots_[at].tag == tag && entries_[slots_[at].entry - 1].token == token) return {at, tag, true};
    }
    return {at, tag, false};
  }

  void rehash(std::size_t slots) {
    slots_.assign(slots, Slot{});
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const Place place = place_of(entries_[i].token);
      slots_[place.at] = {place.tag, static_cast<std::uint32_t>(i + 1)};
    }
  }

  std::vector<Slot> slots_;
  std::vector<Entry> entries_;
};

}  // namespace gpt::tokenizer
