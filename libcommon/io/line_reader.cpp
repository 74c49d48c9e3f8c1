#include "libcommon/io/line_reader.hpp"

#include <algorithm>
#include <cstring>

#include "libcommon/io/byte_order_mark.hpp"

namespace gpt::io {

namespace {
constexpr std::size_t kLeastBuffer = std::size_t{1} << 20;
constexpr std::size_t kChunkBytes = std::size_t{1} << 18;
}  // namespace

LineReader::LineReader(std::unique_ptr<ByteSource> source, ByteOrderMark mark)
    : source_(std::move(source)), mark_(mark) {
  buffer_.resize(kLeastBuffer);
}

std::optional<std::string_view> LineReader::next_or_throw() {
  const auto line = cut_line_or_throw();
  if (line && line_number_ == 1 && mark_ == ByteOrderMark::skip) return without_byte_order_mark(*line);
  return line;
}

std::optional<std::string_view> LineReader::cut_line_or_throw() {
  std::size_t searched = begin_;  // no '\n' between begin_ and here
  while (true) {
    const void* found = std::memchr(buffer_.data() + searched, '\n', end_ - searched);
    if (found != nullptr) {
      const auto length =
          static_cast<std::size_t>(static_cast<const char*>(found) - (buffer_.data() + begin_));
      const std::string_view line(buffer_.data() + begin_, length);
      begin_ += length + 1;
      ++line_number_;
      return line;
    }
    if (at_end_) break;
    searched = end_;
    if (begin_ > 0 && end_ == buffer_.size()) {
      std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
      searched -= begin_;
      end_ -= begin_;
      begin_ = 0;
    }
    if (end_ == buffer_.size()) buffer_.resize(2 * buffer_.size());
    const std::size_t count = source_->read_or_throw(std::span(buffer_).subspan(end_));
    at_end_ = count == 0;
    end_ += count;
    bytes_read_ += count;
  }
  if (begin_ == end_) return std::nullopt;
  const std::string_view line(buffer_.data() + begin_, end_ - begin_);
  begin_ = end_;
  ++line_number_;
  return line;
}

LineBatchReader::LineBatchReader(const std::vector<std::string>& paths, std::size_t batch_bytes)
    : batch_bytes_(batch_bytes) {
  for (const auto& path : paths) ranges_.push_back({path});
}
LineBatchReader::LineBatchReader(std::vector<FileRange> ranges, std::size_t batch_bytes)
    : ranges_(std::move(ranges)), batch_bytes_(batch_bytes) {}

// Whether there is a further input.
bool LineBatchReader::open_next_or_throw() {
  if (next_range_ == ranges_.size()) return false;
  source_ = open_range_or_throw(ranges_[next_range_++]);
  file_ = std::make_shared<const std::string>(source_->name());
  chunk_.resize(kChunkBytes);
  lines_read_ = 0;
  return true;
}

// Up to the end of the line that reaches batch_bytes_, or of the input, whose source is closed then.
std::string LineBatchReader::read_lines_or_throw() {
  std::string bytes;
  bytes.reserve(std::max(rest_.size(), batch_bytes_) + kChunkBytes + kReadableBehind);
  bytes.append(rest_);
  rest_.clear();
  for (std::size_t from = std::max<std::size_t>(batch_bytes_, 1) - 1;;) {
    if (bytes.size() > from) {
      const std::size_t end = bytes.find('\n', from);
      if (end != std::string::npos) {
        rest_.assign(bytes, end + 1);
        bytes.resize(end + 1);
        break;
      }
      from = bytes.size();
    }
    const std::size_t count = source_->read_or_throw(chunk_);
    bytes.append(chunk_.data(), count);
    bytes_read_ += count;
    if (count == 0) {
      source_.reset();
      break;
    }
  }
  bytes.reserve(bytes.size() + kReadableBehind);
  return bytes;
}

std::optional<LineBatch> LineBatchReader::next_or_throw() {
  while (true) {
    if (!source_ && !open_next_or_throw()) return std::nullopt;
    const bool at_beginning = lines_read_ == 0 && ranges_[next_range_ - 1].begin == 0;
    LineBatch batch;
    batch.file = file_;
    batch.file_index = next_range_ - 1;
    batch.first_line = lines_read_ + 1;
    batch.bytes = read_lines_or_throw();
    for (std::size_t begin = 0; begin < batch.bytes.size();) {
      const std::size_t end = std::min(batch.bytes.find('\n', begin), batch.bytes.size());
      batch.spans.emplace_back(begin, end - begin);
      begin = end + 1;
    }
    if (batch.size() == 0) continue;
    lines_read_ += batch.size();
    if (at_beginning) {
      auto& [begin, length] = batch.spans.front();
      const std::size_t mark = length - without_byte_order_mark_or_throw(batch.line(0), *file_).size();
      begin += mark;
      length -= mark;
    }
    return batch;
  }
}

}  // namespace gpt::io
