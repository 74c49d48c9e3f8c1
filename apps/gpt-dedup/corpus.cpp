#include "apps/gpt-dedup/corpus.hpp"

#include <cerrno>
#include <filesystem>
#include <memory>

#include <unistd.h>

#include "libcommon/io/errors.hpp"

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

}  // namespace

Corpus::Corpus(std::vector<std::string> inputs, std::optional<io::DocumentFormat> format,
               const std::string& temporary_folder)
    : inputs_(std::move(inputs)) {
  for (const std::string& input : inputs_) {
    check_input_or_throw(input);
    formats_.push_back(format.value_or(io::document_format_of_name(input)));
    spools_.emplace_back();
    if (!can_be_read_again(input)) spools_.back().emplace(SpoolFile::create_or_throw(temporary_folder));
  }
}

std::function<std::optional<io::LineBatch>()> Corpus::reading() {
  if (!read_once_) return first_reading();
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < inputs_.size(); ++i)
    paths.push_back(spools_[i] ? spools_[i]->path() : inputs_[i]);
  return
      [reader = std::make_shared<io::LineBatchReader>(std::move(paths))] { return reader->next_or_throw(); };
}

std::function<std::optional<io::LineBatch>()> Corpus::first_reading() {
  return [this, reader = std::make_shared<io::LineBatchReader>(inputs_)]() -> std::optional<io::LineBatch> {
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
