#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gpt::bpe_train {

// How often each word was seen: a hash table over one arena of bytes. Memory: the bytes of the distinct words
// and about 50 bytes for each.
class WordCounts {
 public:
  WordCounts();

  void add(std::string_view word, std::uint64_t count = 1);
  void add_all(const WordCounts& other);

  std::size_t distinct() const { return used_; }
  std::uint64_t total() const;

  // Calls visit(word, count) for every word, in no particular order.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Slot& slot : slots_) {
      if (slot.count != 0) visit(word_of(slot), slot.count);
    }
  }

 private:
  struct Slot {
    std::uint64_t begin = 0;  // of the word in words_
    std::uint64_t count = 0;  // 0: the slot is free
    std::uint32_t length = 0;
    std::uint32_t tag = 0;  // high bits of the hash: most other words are told apart by it
  };

  std::string_view word_of(const Slot& slot) const {
    return std::string_view(words_).substr(slot.begin, slot.length);
  }
  void grow();

  std::vector<Slot> slots_;
  std::size_t mask_;
  std::size_t used_ = 0;
  std::string words_;
};

}  // namespace gpt::bpe_train
