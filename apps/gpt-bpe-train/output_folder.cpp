#include "apps/gpt-bpe-train/output_folder.hpp"

#include <filesystem>
#include <system_error>

#include "libcommon/io/errors.hpp"

namespace gpt::bpe_train {
namespace fs = std::filesystem;

namespace {

// The outermost folder of a path that is not there yet; empty if all are.
fs::path first_missing(const fs::path& path) {
  fs::path missing;
  std::error_code error;
  for (fs::path at = path; !at.empty() && !fs::exists(at, error); at = at.parent_path()) {
    missing = at;
    if (at == at.parent_path()) break;
  }
  return missing;
}

}  // namespace

OutputFolder::OutputFolder(std::string path, io::Existing existing)
    : path_(std::move(path)), existing_(existing) {
  if (path_ == "-") throw io::IoError(path_, "stdout cannot hold two files; name a folder", 0);
  while (path_.size() > 1 && path_.back() == '/') path_.pop_back();
  std::error_code error;
  if (fs::exists(path_, error) && !fs::is_directory(path_, error))
    throw io::IoError(path_, "is no folder; vocab.json and merges.txt go into one", 0);
  io::check_output_or_throw(vocabulary_path(), existing_);
  io::check_output_or_throw(merges_path(), existing_);
  made_ = first_missing(path_);
  fs::create_directories(path_, error);
  if (error) throw io::IoError(path_, "cannot make the folder", error.value());
}

OutputFolder::~OutputFolder() {
  if (written_ || made_.empty()) return;
  // Only empty folders go: another program may have begun to use them.
  std::error_code error;
  for (fs::path at = path_; fs::remove(at, error) && at != fs::path(made_); at = at.parent_path()) {
  }
}

void OutputFolder::write_or_throw(std::string_view vocabulary_json, std::string_view merges_text) {
  io::OutputFile vocabulary(vocabulary_path(), existing_);
  io::OutputFile merges(merges_path(), existing_);
  vocabulary.write_or_throw(vocabulary_json);
  merges.write_or_throw(merges_text);
  // A full disk shows here, before an earlier pair is touched.
  vocabulary.flush_or_throw();
  merges.flush_or_throw();
  vocabulary.commit_or_throw();
  try {
    merges.commit_or_throw();
  } catch (...) {
    std::error_code error;
    fs::remove(vocabulary_path(), error);
    throw;
  }
  written_ = true;
}

}  // namespace gpt::bpe_train
