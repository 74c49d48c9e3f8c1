#include "libcommon/io/line_reader.hpp"

#include <cstring>

#include "libcommon/io/byte_order_mark.hpp"

namespace gpt::io {

namespace {
constexpr std::size_t kLeastBuffer = std::size_t{1} << 20;
}

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

std::optional<LineBatch> LineBatchReader::next_or_throw() {
  while (true) {
    if (!reader_) {
      if (next_range_ == ranges_.size()) return std::nullopt;
      const FileRange& range = ranges_[next_range_++];
      reader_ = std::make_unique<LineReader>(open_range_or_throw(range),
                                             range.begin == 0 ? ByteOrderMark::skip : ByteOrderMark::keep);
      file_ = std::make_shared<const std::string>(reader_->name());
    }
    LineBatch batch;
    batch.file = file_;
    batch.file_index = next_range_ - 1;
    batch.first_line = reader_->line_number() + 1;
    // each line counts one byte more than it has: batches of empty lines end too
    while (batch.bytes.size() + batch.size() < batch_bytes_) {
      const auto line = reader_->next_or_throw();
      if (!line) break;
      batch.spans.emplace_back(batch.bytes.size(), line->size());
      batch.bytes.append(*line);
    }
    if (batch.size() > 0) return batch;
    finished_bytes_ += reader_->bytes_read();
    reader_.reset();
  }
}

}  // namespace gpt::io
