#include "apps/gpt-bpe-train/count/text_blocks.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <span>

#include "libcommon/io/byte_order_mark.hpp"

namespace gpt::bpe_train {
namespace {

// Where the first line of a range begins.
std::uint64_t first_line_of(const io::FileRange& range) {
  if (range.begin == 0) return 0;
  std::ifstream file(range.path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(range.begin - 1));
  file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  return file ? static_cast<std::uint64_t>(file.tellg()) : range.end;
}

}  // namespace

TextBlockReader::TextBlockReader(std::vector<InputPart> parts, std::size_t block_bytes)
    : parts_(std::move(parts)), block_bytes_(block_bytes) {}

void TextBlockReader::open_next_or_throw() {
  const io::FileRange& range = parts_[next_part_++].range;
  source_ = io::open_range_or_throw(range);
  file_ = std::make_shared<const std::string>(source_->name());
  next_line_ = 1;
  next_begin_ = first_line_of(range);
}

bool TextBlockReader::fill_or_throw() {
  std::size_t searched = 0;
  while (true) {
    const bool has_line_end = carry_.find('\n', searched) != std::string::npos;
    if (carry_.size() >= block_bytes_ && has_line_end) return true;
    if (!has_line_end) searched = carry_.size();
    const std::size_t size = carry_.size();
    // Room grows by doubling, so that a line longer than a block is moved a few times only; what is filled
    // with zeros stays a block.
    if (carry_.capacity() < size + block_bytes_) carry_.reserve(size + std::max(block_bytes_, size));
    carry_.resize(size + block_bytes_);
    std::size_t count = 0;
    while (count < block_bytes_) {
      const std::size_t got = source_->read_or_throw(std::span(carry_).subspan(size + count));
      if (got == 0) break;
      count += got;
    }
    carry_.resize(size + count);
    bytes_read_ += count;
    if (count == 0) {
      source_ = nullptr;
      return !carry_.empty();
    }
  }
}

std::optional<TextBlock> TextBlockReader::next_or_throw() {
  while (true) {
    if (!source_) {
      if (next_part_ == parts_.size()) return std::nullopt;
      open_next_or_throw();
    }
    if (!fill_or_throw()) continue;
    TextBlock block{file_, parts_[next_part_ - 1].input, next_begin_, next_line_, {}};
    const std::size_t end = source_ ? carry_.rfind('\n') + 1 : carry_.size();
    next_begin_ += end;
    std::string rest = carry_.substr(end);
    carry_.resize(end);
    block.bytes = std::move(carry_);
    carry_ = std::move(rest);
    if (block.begin == 0) {
      const std::size_t mark_bytes =
          block.bytes.size() - io::without_byte_order_mark_or_throw(block.bytes, *file_).size();
      block.bytes.erase(0, mark_bytes);
      block.begin = mark_bytes;
    }
    next_line_ += static_cast<std::uint64_t>(std::count(block.bytes.begin(), block.bytes.end(), '\n'));
    return block;
  }
}

}  // namespace gpt::bpe_train
