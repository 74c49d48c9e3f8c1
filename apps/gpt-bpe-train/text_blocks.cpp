#include "apps/gpt-bpe-train/text_blocks.hpp"

#include <algorithm>
#include <span>

#include "libcommon/io/byte_order_mark.hpp"

namespace gpt::bpe_train {

TextBlockReader::TextBlockReader(std::vector<std::string> paths, std::size_t block_bytes)
    : paths_(std::move(paths)), block_bytes_(block_bytes) {}

bool TextBlockReader::fill_or_throw() {
  std::size_t searched = 0;
  while (true) {
    const bool has_line_end = carry_.find('\n', searched) != std::string::npos;
    if (carry_.size() >= block_bytes_ && has_line_end) return true;
    if (!has_line_end) searched = carry_.size();
    const std::size_t size = carry_.size();
    // A line longer than a block is read in growing steps, so that it is moved a few times only.
    carry_.resize(size + std::max(block_bytes_, size));
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
      if (next_path_ == paths_.size()) return std::nullopt;
      source_ = io::open_input_or_throw(paths_[next_path_++]);
      file_ = std::make_shared<const std::string>(source_->name());
      next_line_ = 1;
    }
    if (!fill_or_throw()) continue;
    TextBlock block{file_, next_path_ - 1, next_line_, {}};
    const std::size_t end = source_ ? carry_.rfind('\n') + 1 : carry_.size();
    std::string rest = carry_.substr(end);
    carry_.resize(end);
    block.bytes = std::move(carry_);
    carry_ = std::move(rest);
    if (block.first_line == 1) {
      const std::size_t text_bytes = io::without_byte_order_mark(block.bytes).size();
      block.bytes.erase(0, block.bytes.size() - text_bytes);
    }
    next_line_ += static_cast<std::uint64_t>(std::count(block.bytes.begin(), block.bytes.end(), '\n'));
    return block;
  }
}

}  // namespace gpt::bpe_train
