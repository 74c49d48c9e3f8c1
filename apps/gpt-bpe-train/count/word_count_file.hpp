#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "apps/gpt-bpe-train/count/counts_summary.hpp"
#include "apps/gpt-bpe-train/count/sorted_words.hpp"
#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/output_file.hpp"

namespace gpt::bpe_train {

// Writes a file of word counts (docs/formats/word-counts.md), which appears whole or not at all.
class WordCountWriter {
 public:
  // Throws io::IoError.
  WordCountWriter(const std::string& path, io::Existing existing, const CountsSummary& summary);

  // In ascending order, each word once, no count 0. Throws io::IoError.
  void add_or_throw(const WordCount& word);
  void add_all_or_throw(SortedWords& words);
  // Call once, at the very end.
  void commit_or_throw();
  std::uint64_t words() const { return words_; }

 private:
  void end_block_or_throw();

  io::OutputFile file_;
  std::string block_;
  std::string previous_;
  std::uint64_t words_ = 0;
  std::uint64_t total_ = 0;
};

// Reads one. Damage shows as io::DataError before the damaged words are handed out, except that what is
// missing at the end shows at the end. Memory: a block, which is 64 KiB or one word.
class WordCountReader : public SortedWords {
 public:
  // Throws io::IoError, io::DataError.
  explicit WordCountReader(const std::string& path) : WordCountReader(io::open_input_or_throw(path)) {}
  explicit WordCountReader(std::unique_ptr<io::ByteSource> source);

  const CountsSummary& summary() const { return summary_; }
  std::optional<WordCount> next_or_throw() override;

 private:
  [[noreturn]] void refuse(const std::string& reason) const;
  // Replaces into by the next bytes of the file.
  void read_or_throw(std::string& into, std::size_t size);
  std::uint64_t read_number_or_throw(std::size_t size);
  void read_header_or_throw();
  // False at the end of the words, behind which nothing follows.
  bool read_block_or_throw();
  void read_end_or_throw();
  std::uint64_t take_varint_or_throw();

  std::unique_ptr<io::ByteSource> source_;
  CountsSummary summary_;
  std::string block_;
  std::size_t at_ = 0;  // in block_
  std::string word_;
  std::string number_;
  std::uint64_t words_ = 0;
  std::uint64_t total_ = 0;
  bool at_end_ = false;
};

}  // namespace gpt::bpe_train
