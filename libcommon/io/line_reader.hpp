#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/file_range.hpp"

namespace gpt::io {

// Whether U+FEFF at the beginning of a source is passed over; in the middle of a file it is a character.
enum class ByteOrderMark { skip, keep };

// Lines of a source, of any length. Memory: the longest line, at least 1 MiB.
class LineReader {
 public:
  explicit LineReader(std::unique_ptr<ByteSource> source, ByteOrderMark mark = ByteOrderMark::skip);

  // The next line without its '\n' (a '\r' stays); empty at the end. A last line without '\n' counts.
  // The view holds until the next call.
  std::optional<std::string_view> next_or_throw();

  std::uint64_t line_number() const { return line_number_; }  // of the line last returned, from 1
  std::uint64_t bytes_read() const { return bytes_read_; }    // decompressed
  const std::string& name() const { return source_->name(); }

 private:
  std::optional<std::string_view> cut_line_or_throw();

  std::unique_ptr<ByteSource> source_;
  ByteOrderMark mark_;
  std::string buffer_;
  std::size_t begin_ = 0;  // of the unread bytes in buffer_
  std::size_t end_ = 0;
  std::uint64_t line_number_ = 0;
  std::uint64_t bytes_read_ = 0;
  bool at_end_ = false;
};

// Whole lines that travel together to one worker, with what lies between them.
struct LineBatch {
  std::shared_ptr<const std::string> file;  // name for messages
  std::size_t file_index = 0;               // position in the list of inputs
  std::uint64_t first_line = 1;             // line number of lines[0]
  std::string bytes;
  std::vector<std::pair<std::size_t, std::size_t>> spans;  // begin and length in bytes, a line each

  std::size_t size() const { return spans.size(); }
  std::string_view line(std::size_t i) const {
    return std::string_view(bytes).substr(spans[i].first, spans[i].second);
  }
};

// Cuts the lines of several inputs into batches of about batch_bytes, never across two inputs. Inputs are
// opened one after the other, as they are reached. Behind a batch's bytes lie kReadableBehind more that may
// be read, whatever they hold. Memory: a batch, or twice the longest line for a moment.
class LineBatchReader {
 public:
  static constexpr std::size_t kReadableBehind = 64;

  explicit LineBatchReader(const std::vector<std::string>& paths,
                           std::size_t batch_bytes = std::size_t{1} << 20);
  explicit LineBatchReader(std::vector<FileRange> ranges, std::size_t batch_bytes = std::size_t{1} << 20);
  std::optional<LineBatch> next_or_throw();
  std::uint64_t bytes_read() const { return bytes_read_; }

 private:
  bool open_next_or_throw();
  std::string read_lines_or_throw();

  std::vector<FileRange> ranges_;
  std::size_t batch_bytes_;
  std::size_t next_range_ = 0;
  std::unique_ptr<ByteSource> source_;  // of the input in hand; none at its end
  std::shared_ptr<const std::string> file_;
  std::vector<char> chunk_;
  std::string rest_;  // read, but behind the last batch
  std::uint64_t lines_read_ = 0;
  std::uint64_t bytes_read_ = 0;
};

}  // namespace gpt::io
