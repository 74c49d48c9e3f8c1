#pragma once

#include <string>
#include <vector>

#include "libcommon/io/output_file.hpp"

namespace gpt::bpe_train {

struct NamedFile {
  std::string name;
  std::string content;
};

// The folder of a vocabulary. Made (with its parents) if it is not there; if nothing is written to it, a
// folder that was made here is removed again.
class OutputFolder {
 public:
  // names: of the files that will be written. Throws io::IoError: when one of them exists there and existing
  // is refuse, when the path is no folder, or it cannot be made.
  OutputFolder(std::string path, const std::vector<std::string>& names, io::Existing existing);
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  const std::string& path() const { return path_; }
  // All files or none. Throws io::IoError.
  void write_or_throw(const std::vector<NamedFile>& files);

 private:
  std::string path_;
  io::Existing existing_;
  std::string made_;  // the first folder that had to be made; empty if none
  bool written_ = false;
};

}  // namespace gpt::bpe_train
