#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gpt::dedup {

// Bytes [begin, end) of a text.
struct ByteRange {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool operator==(const ByteRange&) const = default;
};

// Texts one after the other, in which the same bytes are looked for across all of them.
class TextShard {
 public:
  // Valid UTF-8. No more than kMostBytes of all of them.
  void add(std::string_view text);
  std::size_t texts() const { return begins_.size(); }
  std::size_t bytes() const { return bytes_.size(); }
  std::string_view text(std::size_t i) const;

  // For each text the ranges, ascending and apart, that say again what stands earlier in the shard: every
  // byte of a run of `length` bytes whose first like is over before the run begins; narrowed to whole
  // characters. What is left holds the first of all of them. Memory: 8 bytes a byte (Lee et al. 2022,
  // "Deduplicating Training Data Makes Language Models Better", with a suffix array).
  std::vector<std::vector<ByteRange>> repeats(std::size_t length) const;

  void clear();

  static constexpr std::size_t kMostBytes = 0x7FFFFFF0;

 private:
  std::vector<bool> repeated_runs(std::size_t length) const;

  std::string bytes_;  // a byte that is in no UTF-8 ends each text
  std::vector<std::size_t> begins_;
};

// The text without these ranges.
std::string without_ranges(std::string_view text, const std::vector<ByteRange>& ranges);

}  // namespace gpt::dedup
