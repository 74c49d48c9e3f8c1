#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace gpt::bpe_train {

// Memory for many lists of words, most of them short: they lie side by side in chunks and stay until the end;
// a long one has memory of its own, which can be given back.
class WordLists {
 public:
  // Room for a list that the caller fills; it stays where it is.
  std::uint32_t* allocate(std::size_t words) {
    if (words >= kLong) {
      auto memory = std::make_unique_for_overwrite<std::uint32_t[]>(words);
      std::uint32_t* const list = memory.get();
      long_.emplace(list, std::move(memory));
      return list;
    }
    if (words > left_) {
      chunks_.push_back(std::make_unique_for_overwrite<std::uint32_t[]>(kChunk));
      next_ = chunks_.back().get();
      left_ = kChunk;
    }
    std::uint32_t* const list = next_;
    next_ += words;
    left_ -= words;
    return list;
  }

  // The list is not read again.
  void release(const std::uint32_t* list, std::size_t words) {
    if (words >= kLong) long_.erase(list);
  }

 private:
  static constexpr std::size_t kChunk = std::size_t{1} << 16;
  static constexpr std::size_t kLong = kChunk / 8;

  std::vector<std::unique_ptr<std::uint32_t[]>> chunks_;
  std::uint32_t* next_ = nullptr;
  std::size_t left_ = 0;
  std::unordered_map<const std::uint32_t*, std::unique_ptr<std::uint32_t[]>> long_;
};

}  // namespace gpt::bpe_train
