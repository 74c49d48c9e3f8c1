#include "apps/gpt-clean/rules/word_keys.hpp"

#include <array>

#include "apps/gpt-clean/rules/text_tables.hpp"

namespace gpt::clean {
namespace {

constexpr std::uint64_t kCaseBits = 0x2020202020202020;

bool is_punctuation(char c) {
  const auto byte = static_cast<unsigned char>(c);
  const bool is_alphanumeric = (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
  return byte < 0x80 && !is_alphanumeric;
}

}  // namespace

std::string_view core_of(std::string_view word) {
  while (!word.empty() && is_punctuation(word.front())) word.remove_prefix(1);
  while (!word.empty() && is_punctuation(word.back())) word.remove_suffix(1);
  return word;
}

// The bit that tells the cases of ASCII letters apart tells those of Latin-1's apart too, in their second
// byte; letters that differ otherwise differ in other bits as well.
std::uint64_t key_of(std::string_view word) {
  if (word.size() <= 8) {
    std::uint64_t key = 0;
    for (std::size_t i = 0; i < word.size(); ++i)
      key |= std::uint64_t{static_cast<unsigned char>(word[i])} << (8 * i);
    return key | kCaseBits;
  }
  std::array<char, 64> folded{};
  if (word.size() > folded.size()) return hash_of_bytes(word);
  for (std::size_t i = 0; i < word.size(); ++i) folded[i] = static_cast<char>(word[i] | 0x20);
  return hash_of_bytes({folded.data(), word.size()});
}

void WordKeys::add(std::string_view word) {
  const std::uint64_t key = key_of(word);
  if (2 * (size_ + 1) > slots_.size()) grow();
  std::size_t at = scattered(key) & (slots_.size() - 1);
  for (; slots_[at].place != npos; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at].key == key) return;
  }
  slots_[at] = {key, size_++};
}

std::size_t WordKeys::find(std::string_view word) const {
  const std::uint64_t key = key_of(word);
  std::size_t at = scattered(key) & (slots_.size() - 1);
  for (; slots_[at].place != npos; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at].key == key) return slots_[at].place;
  }
  return npos;
}

void WordKeys::grow() {
  const std::vector<Slot> old = std::move(slots_);
  slots_.assign(2 * old.size(), {});
  for (const Slot& slot : old) {
    if (slot.place == npos) continue;
    std::size_t at = scattered(slot.key) & (slots_.size() - 1);
    while (slots_[at].place != npos) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
  }
}

}  // namespace gpt::clean
