#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace gpt::clean {

// A run without white space.
struct Word {
  std::uint32_t begin = 0;       // in bytes of the text
  std::uint32_t length = 0;      // in bytes
  std::uint32_t characters = 0;  // code points
  bool has_letter = false;
  bool has_digit = false;
  std::uint64_t hash = 0;  // of its bytes; equal words have equal hashes
};

// A line with something on it, without the white space around it.
struct Line {
  std::uint32_t begin = 0;  // in bytes of the text
  std::uint32_t length = 0;
  std::uint32_t first_word = 0;
  std::uint32_t words = 0;
  bool opens_paragraph = false;  // the first line, or one behind a blank line
};

// The words and lines of a text: what many rules judge by. One object serves one text after the other, so
// that its memory is used again. Texts have less than 4 GiB, as their JSON has to.
class TextTables {
 public:
  // text: valid UTF-8.
  void tabulate(std::string_view text);

  const std::vector<Word>& words() const { return words_; }
  const std::vector<Line>& lines() const { return lines_; }

 private:
  void add_word(std::string_view text, std::size_t begin, std::size_t end, unsigned traits,
                std::size_t continuations);

  std::vector<Word> words_;
  std::vector<Line> lines_;
};

// A hash of bytes for tables in memory: differs from one kind of processor to another, hence never written.
std::uint64_t hash_of_bytes(std::string_view bytes);

}  // namespace gpt::clean
