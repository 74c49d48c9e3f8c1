#pragma once

#include <string>
#include <string_view>

#include "libcommon/io/output_file.hpp"

namespace gpt::bpe_train {

// The folder of a vocabulary. Made (with its parents) if it is not there; if nothing is written to it, a
// folder that was made here is removed again.
class OutputFolder {
 public:
  // Throws io::IoError: when vocab.json or merges.txt exist there and existing is refuse, when the path is no
  // folder, or it cannot be made.
  OutputFolder(std::string path, io::Existing existing);
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  // Both files or none. Throws io::IoError.
  void write_or_throw(std::string_view vocabulary_json, std::string_view merges_text);

 private:
  std::string vocabulary_path() const { return path_ + "/vocab.json"; }
  std::string merges_path() const { return path_ + "/merges.txt"; }

  std::string path_;
  io::Existing existing_;
  std::string made_;  // the first folder that had to be made; empty if none
  bool written_ = false;
};

}  // namespace gpt::bpe_train
