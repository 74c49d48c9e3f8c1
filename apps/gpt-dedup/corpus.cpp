#include "apps/gpt-dedup/corpus.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>

#include <unistd.h>

#include "libcommon/io/errors.hpp"
#include "libcommon/io/shard.hpp"

namespace gpt::dedup {
namespace {

namespace fs = std::filesystem;

bool can_be_read_again(const std::string& input) {
  std::error_code error;
  return input != "-" && fs::is_regular_file(input, error);
}

void check_input_or_throw(const std::string& input) {
  if (input == "-") return;
  std::error_code error;
  if (fs::is_directory(input, error)) throw io::IoError(input, "cannot read", EISDIR);
  if (::access(input.c_str(), R_OK) != 0) throw io::IoError(input, "cannot open", errno);
}

std::vector<io::FileRange> whole_files(const std::vector<std::string>& paths) {
  std::vector<io::FileRange> ranges;
  for (const std::string& path : paths) ranges.push_back({path});
  return ranges;
}

}  // namespace

Corpus::Corpus(const std::vector<std::string>& inputs, std::optional<io::DocumentFormat> format,
               const std::string& temporary_folder, Readings readings)
    : Corpus(whole_files(inputs), format, temporary_folder, readings) {}

Corpus::Corpus(std::vector<io::FileRange> ranges, std::optional<io::DocumentFormat> format,
               const std::string& temporary_folder, Readings readings)
    : ranges_(std::move(ranges)) {
  for (const io::FileRange& range : ranges_) {
    const std::string& input = range.path;
    check_input_or_throw(input);
    inputs_.push_back(input);
    formats_.push_back(format.value_or(io::document_format_of_name(input)));
    spools_.emplace_back();
    if (readings == Readings::several && !can_be_read_again(input))
      spools_.back().emplace(SpoolFile::create_or_throw(temporary_folder));
  }
}

Corpus::Corpus(std::vector<io::FileRange> ranges, std::vector<io::DocumentFormat> formats)
    : ranges_(std::move(ranges)), formats_(std::move(formats)), spools_(ranges_.size()) {
  for (const io::FileRange& range : ranges_) {
    check_input_or_throw(range.path);
    inputs_.push_back(range.path);
  }
}

Corpus::Corpus(SpoolFile spool, io::DocumentFormat format)
    : inputs_{"temporary file"},
      ranges_{{spool.path()}},
      formats_{format},
      read_once_(true),
      bytes_(spool.size()) {
  spools_.emplace_back(std::move(spool));
}

bool Corpus::is_all_text() const {
  return std::all_of(formats_.begin(), formats_.end(),
                     [](io::DocumentFormat format) { return format == io::DocumentFormat::text; });
}

std::vector<io::FileRange> Corpus::reading_ranges() const {
  std::vector<io::FileRange> ranges = ranges_;
  for (std::size_t i = 0; i < ranges.size(); ++i)
    if (spools_[i]) ranges[i] = {spools_[i]->path()};
  return ranges;
}

std::optional<std::vector<PlainFile>> Corpus::plain_files() const {
  std::vector<PlainFile> files;
  for (const io::FileRange& range : reading_ranges()) {
    if (!io::inspect_inputs_or_throw({range.path}).front().divisible) return std::nullopt;
    files.push_back({range, formats_[files.size()]});
  }
  return files;
}

std::function<std::optional<io::LineBatch>()> Corpus::reading(std::size_t passed_over) {
  if (!read_once_) return first_reading();
  std::vector<io::FileRange> ranges = reading_ranges();
  ranges.erase(ranges.begin(), ranges.begin() + static_cast<std::ptrdiff_t>(passed_over));
  return [passed_over, reader = std::make_shared<io::LineBatchReader>(std::move(ranges))] {
    auto batch = reader->next_or_throw();
    if (batch) batch->file_index += passed_over;
    return batch;
  };
}

std::function<std::optional<io::LineBatch>()> Corpus::first_reading() {
  return [this, reader = std::make_shared<io::LineBatchReader>(ranges_)]() -> std::optional<io::LineBatch> {
    auto batch = reader->next_or_throw();
    if (!batch) {
      bytes_ = reader->bytes_read();
      for (auto& spool : spools_)
        if (spool) spool->flush_or_throw();
      read_once_ = true;
      return batch;
    }
    if (auto& spool = spools_[batch->file_index]) {
      for (std::size_t i = 0; i < batch->size(); ++i) {
        spool->append_or_throw(batch->line(i));
        spool->append_or_throw("\n");
      }
    }
    return batch;
  };
}

}  // namespace gpt::dedup
