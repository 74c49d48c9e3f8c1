#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apps/gpt-dedup/placed_texts.hpp"
#include "apps/gpt-dedup/spool_file.hpp"
#include "libcommon/io/document.hpp"
#include "libcommon/io/file_range.hpp"
#include "libcommon/io/line_reader.hpp"

namespace gpt::dedup {

enum class Readings { once, several };

// The inputs, read several times. What can be read only once (stdin, a pipe) is copied to a temporary file
// during the first reading, which must run to its end.
class Corpus {
 public:
  // format: of all inputs; by their names where it is not given. Throws io::IoError for an input that cannot
  // be opened.
  Corpus(const std::vector<std::string>& inputs, std::optional<io::DocumentFormat> format,
         const std::string& temporary_folder, Readings readings = Readings::several);

  // A share of inputs, as parts of files.
  Corpus(std::vector<io::FileRange> ranges, std::optional<io::DocumentFormat> format,
         const std::string& temporary_folder, Readings readings = Readings::several);
  // Parts of files, which must be regular ones, whose formats are known.
  Corpus(std::vector<io::FileRange> ranges, std::vector<io::DocumentFormat> formats);
  // What was written to a temporary file, flushed.
  Corpus(SpoolFile spool, io::DocumentFormat format);

  const std::vector<std::string>& inputs() const { return inputs_; }
  io::DocumentFormat format(std::size_t file) const { return formats_[file]; }
  bool is_all_text() const;  // no input is JSON Lines

  // One reading: batches of lines until empty. Only one at a time. A later one may pass over the first files.
  std::function<std::optional<io::LineBatch>()> reading(std::size_t passed_over = 0);
  // The files in which the lines of the first reading stand as they are, if that is so of all inputs: none is
  // compressed. Known after the first reading.
  std::optional<std::vector<PlainFile>> plain_files() const;
  // Bytes of the inputs, decompressed; known after the first reading.
  std::uint64_t bytes() const { return bytes_; }

 private:
  std::function<std::optional<io::LineBatch>()> first_reading();

  std::vector<io::FileRange> reading_ranges() const;

  std::vector<std::string> inputs_;
  std::vector<io::FileRange> ranges_;
  std::vector<io::DocumentFormat> formats_;
  std::vector<std::optional<SpoolFile>> spools_;
  bool read_once_ = false;
  std::uint64_t bytes_ = 0;
};

}  // namespace gpt::dedup
