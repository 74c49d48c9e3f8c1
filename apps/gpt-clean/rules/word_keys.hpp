#pragma once

#include <cstdint>
#include <string_view>

#include "apps/gpt-clean/rules/hash_tables.hpp"

namespace gpt::clean {

// A word without the ASCII punctuation around it.
std::string_view core_of(std::string_view word);

// A key under which a word is found in whatever case it stands: of ASCII letters and those of Latin-1 the
// case is left out.
std::uint64_t key_of(std::string_view word);

// A few hundred words to look for. Built once; looking up takes one step for nearly all that are not in it.
class WordKeys {
 public:
  void add(std::string_view word);
  // The place of a word among those added (equal ones have one place), or npos. word: its core.
  std::size_t find(std::string_view word) const;
  std::size_t size() const { return size_; }

  static constexpr std::size_t npos = ~std::size_t{0};

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::size_t place = npos;  // npos: free
  };
  void grow();

  std::vector<Slot> slots_ = std::vector<Slot>(64);
  std::size_t size_ = 0;
};

}  // namespace gpt::clean
