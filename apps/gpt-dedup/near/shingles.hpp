#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "apps/gpt-dedup/exact.hpp"

namespace gpt::dedup {

enum class ShingleUnit {
  characters,  // code points
  words,       // runs of letters, digits and marks; what lies between them does not count, nor does case
};

enum class ShingleForm {
  as_written,
  folded,  // as TextDigester::fold leaves it: neither case nor the amount of white space counts
};

struct ShingleOptions {
  int length = 5;
  ShingleUnit unit = ShingleUnit::characters;
  ShingleForm form = ShingleForm::as_written;
};

// Shingles: all runs of n units of a text, hashed to 64 bits. A text of fewer units is one shingle; a text
// without any has none.
class Shingler {
 public:
  explicit Shingler(const ShingleOptions& options);

  // One hash a position, repeats included; valid until the next call. text: valid UTF-8.
  std::span<const std::uint64_t> hashes(std::string_view text);

  // The same by parts, for texts of any length in bounded memory: start, then next_block until it is empty.
  // The text must live as long. A block holds until the next call.
  void start(std::string_view text);
  std::span<const std::uint64_t> next_block();

 private:
  // Hashes of a block at most: with the images of MinHash they stay in the first cache.
  static constexpr std::size_t kBlock = 2048;

  std::size_t hash_ascii(std::size_t characters);
  std::size_t hash_characters();
  std::span<const std::uint64_t> hash_words();

  std::size_t length_;
  ShingleUnit unit_;
  std::optional<TextDigester> folder_;
  std::string_view text_;
  std::size_t at_ = 0;  // of the first byte that begins no shingle of a block so far
  bool at_end_ = true;
  std::vector<std::uint64_t> block_;
  std::vector<std::uint32_t> begins_;  // scratch: where characters begin
  std::vector<std::uint64_t> words_;   // scratch: hashes of words
  std::vector<std::uint64_t> hashes_;
};

}  // namespace gpt::dedup
