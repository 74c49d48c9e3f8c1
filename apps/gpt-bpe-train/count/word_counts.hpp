#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "libcommon/tokenizer/huge_page_allocator.hpp"
#include "libcommon/tokenizer/short_word.hpp"

namespace gpt::bpe_train {

// How often each word was seen: a hash table in which words of up to 15 bytes lie themselves; the others lie
// in an arena of bytes. Memory: 36 to 72 bytes for each distinct word, and the bytes of the long ones.
class WordCounts {
 public:
  WordCounts();

  void add(std::string_view word, std::uint64_t count = 1);
  void add_all(const WordCounts& other);

  std::size_t distinct() const { return used_; }
  std::uint64_t total() const;
  std::size_t memory_bytes() const { return slots_.size() * sizeof(Slot) + words_.capacity(); }

  // Calls visit(word, count) for every word, in no particular order.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Slot& slot : slots_) {
      if (slot.count != 0) visit(word_of(slot), slot.count);
    }
  }

  // Counts words one by one, each a while after its slot has been sent for. What was added is counted when
  // the batch ends.
  class Batch {
   public:
    explicit Batch(WordCounts& words) : words_(&words) {}
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;
    ~Batch() { count_all(); }

    void add(std::string_view word) {
      if (!Key::holds(word)) return words_->add(word);
      Pending& pending = pending_[used_];
      pending.key = Key::of(word);
      pending.hash = pending.key.hash();
      __builtin_prefetch(&words_->slots_[pending.hash & words_->mask_]);
      if (++used_ == pending_.size()) count_all();
    }

   private:
    using Key = tokenizer::ShortWord;
    struct Pending {
      Key key;
      std::uint64_t hash;
    };

    void count_all() {
      for (std::size_t i = 0; i < used_; ++i) words_->add_short(pending_[i].key, pending_[i].hash, 1);
      used_ = 0;
    }

    WordCounts* words_;
    std::size_t used_ = 0;
    std::array<Pending, 32> pending_;
  };

 private:
  using Key = tokenizer::ShortWord;
  static constexpr std::uint64_t kLongMark = std::uint64_t{0xFF} << 56;  // no short word has this length

  struct Slot {
    Key key;                  // of a long word: hash; mark and place in words_
    std::uint64_t count = 0;  // 0: the slot is free
  };

  static bool is_long(const Slot& slot) { return slot.key.high >= kLongMark; }
  std::string_view long_word(const Slot& slot) const;
  std::string_view word_of(const Slot& slot) const {
    return is_long(slot) ? long_word(slot) : slot.key.view();
  }

  void add_short(const Key& key, std::uint64_t hash, std::uint64_t count) {
    std::size_t at = hash & mask_;
    for (; slots_[at].count != 0; at = (at + 1) & mask_) {
      if (slots_[at].key == key) {
        slots_[at].count += count;
        return;
      }
    }
    take({key, count}, at);
  }
  void add_long(std::string_view word, std::uint64_t hash, std::uint64_t count);
  void take(const Slot& slot, std::size_t at);
  void grow();

  tokenizer::LargeVector<Slot> slots_;
  std::size_t mask_;
  std::size_t used_ = 0;
  std::string words_;  // each with its length in 4 bytes before it
};

}  // namespace gpt::bpe_train
