#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>

#include "libcommon/dataset/token_type.hpp"
#include "libcommon/io/output_file.hpp"

namespace gpt::dataset {

// Writes PREFIX.bin and PREFIX.idx in Megatron-LM's mmap format. Tokens go to the disk as they come; the
// index is kept in memory, 4 bytes a sequence and 4 a document, and written by commit. Until then neither
// file has its final name; without commit both temporaries are removed.
class IndexedDatasetWriter {
 public:
  // Throws io::IoError, also when one of the files exists and existing is refuse.
  IndexedDatasetWriter(const std::string& prefix, TokenType type,
                       io::Existing existing = io::Existing::refuse);

  // Throws std::out_of_range for an id that the token type cannot hold, std::length_error for a sequence of
  // 2^31 tokens or more, io::IoError.
  void add_sequence_or_throw(std::span<const std::uint32_t> ids);
  // A sequence of ids that are bytes already, as append_token_bytes_or_throw (token_bytes.hpp) makes them.
  // Throws std::length_error, io::IoError.
  void add_bytes_or_throw(std::string_view ids);
  // Ends the document of the sequences since the last call; one without sequences is an empty document.
  void end_document();
  // Call once, at the very end, with every document ended.
  void commit_or_throw();

  std::uint64_t documents() const { return document_sequences_.size(); }
  std::uint64_t sequences() const { return sizes_.size(); }
  std::uint64_t tokens() const { return tokens_; }

 private:
  void write_index_or_throw();

  TokenType type_;
  io::OutputFile bin_;
  io::OutputFile idx_;
  // Deques grow without copying: no peak of twice the index.
  std::deque<std::int32_t> sizes_;
  std::deque<std::uint32_t> document_sequences_;  // how many sequences each document has
  std::uint32_t open_sequences_ = 0;              // of the document not yet ended
  std::uint64_t tokens_ = 0;
  std::string buffer_;  // of one sequence
};

}  // namespace gpt::dataset
