#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/file_range.hpp"

namespace gpt::bpe_train {

// An input, or a range of its lines.
struct InputPart {
  io::FileRange range;
  std::size_t input = 0;  // position of its first mention in the list of inputs
};

// Whole lines of one input with their ends; only the last line of an input may have none.
struct TextBlock {
  std::shared_ptr<const std::string> file;  // name for messages
  std::size_t input = 0;                    // as in InputPart
  std::uint64_t begin = 0;                  // of bytes in the input, decompressed
  std::uint64_t first_line = 1;
  std::string bytes;
};

// Cuts inputs into blocks of whole lines, about block_bytes each, never across two inputs. Unlike
// io::LineBatchReader it keeps line ends, which are part of what a vocabulary is learned from; like it, it
// passes over a byte order mark at the beginning.
class TextBlockReader {
 public:
  explicit TextBlockReader(std::vector<InputPart> parts, std::size_t block_bytes = std::size_t{1} << 20);

  // Throws as io::ByteSource.
  std::optional<TextBlock> next_or_throw();
  std::uint64_t bytes_read() const { return bytes_read_; }  // decompressed

 private:
  // Appends to carry_ until it holds a block with a line end, or the input ends. False: nothing is left of
  // it.
  bool fill_or_throw();

  void open_next_or_throw();

  std::vector<InputPart> parts_;
  std::size_t block_bytes_;
  std::size_t next_part_ = 0;
  std::unique_ptr<io::ByteSource> source_;
  std::shared_ptr<const std::string> file_;
  std::string carry_;  // read, not yet handed out
  std::uint64_t next_line_ = 1;
  std::uint64_t next_begin_ = 0;  // of carry_ in the input
  std::uint64_t bytes_read_ = 0;
};

}  // namespace gpt::bpe_train
