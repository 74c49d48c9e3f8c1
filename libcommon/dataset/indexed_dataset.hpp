#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "libcommon/dataset/index_layout.hpp"
#include "libcommon/dataset/token_type.hpp"
#include "libcommon/io/mapped_file.hpp"

namespace gpt::dataset {

// How much of the .idx is looked at when it is opened: all of it, which reads 20 bytes a sequence, or its
// header and the sizes of both files (for the second and later processes that open the same files).
enum class IndexCheck { every_entry, header_only };

// A dataset in Megatron-LM's mmap format, PREFIX.bin and PREFIX.idx, mapped read-only: opening it costs no
// memory but for the pages touched. Any number of threads may read.
class IndexedDataset {
 public:
  // Throws io::IoError; io::DataError when a file is damaged, cut short, or the two do not belong together.
  static IndexedDataset open_or_throw(const std::string& prefix, IndexCheck check = IndexCheck::every_entry);

  const std::string& prefix() const { return prefix_; }
  TokenType token_type() const { return type_; }
  std::size_t sequences() const { return sizes_.size(); }
  std::size_t documents() const { return document_index_.size() - 1; }
  std::uint64_t tokens() const { return bin_.bytes().size() / bytes_of(type_); }

  // Tokens in sequence i.
  std::size_t size(std::size_t i) const { return static_cast<std::size_t>(sizes_[i]); }
  PackedView<std::int32_t> sizes() const { return sizes_; }
  // Document d is the sequences document_index()[d] … document_index()[d + 1] − 1; documents() + 1 entries.
  PackedView<std::int64_t> document_index() const { return document_index_; }

  // Calls visitor with sequence i as a std::span<const T>, T being the type its ids are stored in.
  template <class Visitor>
  decltype(auto) visit(std::size_t i, Visitor&& visitor) const;

  // Fills ids with the tokens offset, offset + 1 … of sequence i. Throws std::out_of_range beyond its end.
  void copy_tokens(std::size_t i, std::size_t offset, std::span<std::int32_t> ids) const;

 private:
  IndexedDataset(std::string prefix, io::MappedFile bin, io::MappedFile idx)
      : prefix_(std::move(prefix)), bin_(std::move(bin)), idx_(std::move(idx)) {}

  void read_header_or_throw();
  void check_entries_or_throw() const;
  template <class T>
  std::span<const T> span_of(std::size_t i) const {
    const auto* first = bin_.bytes().data() + positions_[i];
    return {reinterpret_cast<const T*>(first),
            size(i)};  // aligned: the mapping is, and positions are checked
  }

  std::string prefix_;
  io::MappedFile bin_;
  io::MappedFile idx_;
  TokenType type_ = TokenType::u16;
  PackedView<std::int32_t> sizes_;
  PackedView<std::int64_t> positions_;
  PackedView<std::int64_t> document_index_;
};

template <class Visitor>
decltype(auto) IndexedDataset::visit(std::size_t i, Visitor&& visitor) const {
  switch (type_) {
    case TokenType::u8:
      return visitor(span_of<std::uint8_t>(i));
    case TokenType::i8:
      return visitor(span_of<std::int8_t>(i));
    case TokenType::i16:
      return visitor(span_of<std::int16_t>(i));
    case TokenType::i32:
      return visitor(span_of<std::int32_t>(i));
    case TokenType::i64:
      return visitor(span_of<std::int64_t>(i));
    case TokenType::u16:
      return visitor(span_of<std::uint16_t>(i));
  }
  throw std::logic_error("unknown token type");
}

}  // namespace gpt::dataset
