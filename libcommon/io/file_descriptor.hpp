#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace gpt::io {

// Owns an open file descriptor.
class FileDescriptor {
 public:
  explicit FileDescriptor(int number = -1) : number_(number) {}
  ~FileDescriptor();
  FileDescriptor(FileDescriptor&& other) noexcept : number_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;

  int number() const { return number_; }
  int release();
  // Closes and tells whether the system reported a late write error.
  bool close_and_check();

 private:
  int number_;
};

// Reads once, waiting on pipes together with the stop signals (cli::StoppedOnRequest). Throws IoError.
std::size_t read_some_or_throw(int descriptor, std::span<char> buffer, const std::string& name);
// Writes all of it. Throws IoError, or BrokenPipe when the reader has gone.
void write_all_or_throw(int descriptor, std::string_view bytes, const std::string& name);

}  // namespace gpt::io
