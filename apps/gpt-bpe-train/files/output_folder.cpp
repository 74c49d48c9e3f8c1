#include "apps/gpt-bpe-train/files/output_folder.hpp"

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

OutputFolder::OutputFolder(std::string path, const std::vector<std::string>& names, io::Existing existing)
    : path_(std::move(path)), existing_(existing) {
  if (path_ == "-") throw io::IoError(path_, "stdout cannot hold several files; name a folder", 0);
  while (path_.size() > 1 && path_.back() == '/') path_.pop_back();
  std::error_code error;
  if (fs::exists(path_, error) && !fs::is_directory(path_, error))
    throw io::IoError(path_, "is no folder; the files of a vocabulary go into one", 0);
  for (const std::string& name : names) io::check_output_or_throw(path_ + "/" + name, existing_);
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

void OutputFolder::write_or_throw(const std::vector<NamedFile>& files) {
  std::vector<io::OutputFile> outputs;
  for (const NamedFile& file : files) {
    outputs.emplace_back(path_ + "/" + file.name, existing_);
    outputs.back().write_or_throw(file.content);
    // A full disk shows here, before earlier files are touched.
    outputs.back().flush_or_throw();
  }
  std::size_t committed = 0;
  try {
    for (; committed < outputs.size(); ++committed) outputs[committed].commit_or_throw();
  } catch (...) {
    std::error_code error;
    for (std::size_t i = 0; i < committed; ++i) fs::remove(outputs[i].path(), error);
    throw;
  }
  written_ = true;
}

}  // namespace gpt::bpe_train
