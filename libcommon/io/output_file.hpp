#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace gpt::io {

enum class Existing { refuse, replace };

// A file that appears whole or not at all: bytes go to a temporary beside it (name.tmp-PID), commit() makes
// them durable (fsync) and renames. Without commit() the destructor removes the temporary. "-" is stdout;
// pipes and devices are written directly. A name ending in .gz or .zst is compressed.
class OutputFile {
 public:
  // Throws IoError: when the path exists and existing is refuse, or when the temporary cannot be made.
  explicit OutputFile(const std::string& path, Existing existing = Existing::refuse);
  ~OutputFile();
  OutputFile(OutputFile&&) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;

  // Throws IoError (a full disk, say), BrokenPipe when stdout's reader has gone.
  void write_or_throw(std::string_view bytes);
  // Hands on what was written so far, so that a reader at the other end of a pipe or terminal has it.
  void flush_or_throw();
  // Call once, at the very end. Throws IoError; then nothing lies under the final name.
  void commit_or_throw();

  const std::string& path() const;

 private:
  class Body;
  std::unique_ptr<Body> body_;
};

// Throws IoError if the path exists (and is a regular file) and existing is refuse; for checks before long
// work.
void check_output_or_throw(const std::string& path, Existing existing);

// A small file at once: temporary, fsync, rename.
void write_file_or_throw(const std::string& path, std::string_view bytes, Existing existing);

}  // namespace gpt::io
