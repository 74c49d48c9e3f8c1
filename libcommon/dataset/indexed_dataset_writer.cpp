#include "libcommon/dataset/indexed_dataset_writer.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <type_traits>

#include "libcommon/dataset/index_layout.hpp"
#include "libcommon/dataset/token_bytes.hpp"

namespace gpt::dataset {
namespace {

template <class T>
void append_value(std::string& out, T value) {
  static_assert(std::is_trivially_copyable_v<T>);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// Numbers on their way to a file, a buffer at a time.
class Numbers {
 public:
  explicit Numbers(io::OutputFile& file) : file_(file) {}
  template <class T>
  void put(T value) {
    append_value(buffer_, value);
    if (buffer_.size() >= kBufferBytes) flush();
  }
  void flush() {
    file_.write_or_throw(buffer_);
    buffer_.clear();
  }

 private:
  static constexpr std::size_t kBufferBytes = std::size_t{1} << 16;
  io::OutputFile& file_;
  std::string buffer_;
};

}  // namespace

IndexedDatasetWriter::IndexedDatasetWriter(const std::string& prefix, TokenType type, io::Existing existing)
    : type_(type), bin_(prefix + ".bin", existing), idx_(prefix + ".idx", existing) {}

void IndexedDatasetWriter::add_sequence_or_throw(std::span<const std::uint32_t> ids) {
  buffer_.clear();
  append_token_bytes_or_throw(buffer_, type_, ids, bin_.path());
  add_bytes_or_throw(buffer_);
}

void IndexedDatasetWriter::add_bytes_or_throw(std::string_view ids) {
  const std::size_t count = ids.size() / bytes_of(type_);
  if (count > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
    throw std::length_error(bin_.path() + ": a sequence of " + std::to_string(count) +
                            " tokens does not fit the format, which counts them in 31 bits");
  }
  // By pieces: a file's buffer holds what it is given at once.
  constexpr std::size_t kPiece = std::size_t{1} << 20;
  for (std::size_t at = 0; at < ids.size(); at += kPiece) bin_.write_or_throw(ids.substr(at, kPiece));
  sizes_.push_back(static_cast<std::int32_t>(count));
  ++open_sequences_;
  tokens_ += count;
}

void IndexedDatasetWriter::end_document() {
  document_sequences_.push_back(open_sequences_);
  open_sequences_ = 0;
}

void IndexedDatasetWriter::write_index_or_throw() {
  idx_.write_or_throw(kIndexMagic);
  Numbers numbers(idx_);
  numbers.put(kIndexVersion);
  numbers.put(static_cast<std::uint8_t>(type_));
  numbers.put(static_cast<std::uint64_t>(sizes_.size()));
  numbers.put(static_cast<std::uint64_t>(document_sequences_.size() + 1));
  for (const std::int32_t size : sizes_) numbers.put(size);
  std::int64_t position = 0;
  for (const std::int32_t size : sizes_) {
    numbers.put(position);
    position += static_cast<std::int64_t>(size) * static_cast<std::int64_t>(bytes_of(type_));
  }
  std::int64_t first = 0;
  numbers.put(first);
  for (const std::uint32_t sequences : document_sequences_) numbers.put(first += sequences);
  numbers.flush();
}

void IndexedDatasetWriter::commit_or_throw() {
  if (open_sequences_ != 0) throw std::logic_error("a dataset was committed with a document not ended");
  // A full disk shows here, before either file has its name.
  bin_.flush_or_throw();
  write_index_or_throw();
  idx_.flush_or_throw();
  bin_.commit_or_throw();
  try {
    idx_.commit_or_throw();
  } catch (...) {
    std::remove(bin_.path().c_str());  // never half a dataset under its final name
    throw;
  }
}

}  // namespace gpt::dataset
