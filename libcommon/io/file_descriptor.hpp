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

// What a read does when a stop is asked for: throw cli::StoppedOnRequest, also out of a wait on a pipe; or go
// on.
enum class OnStop { give_up, read_on };

// Reads once. Throws IoError, and cli::StoppedOnRequest as told.
std::size_t read_some_or_throw(int descriptor, std::span<char> buffer, const std::string& name,
                               OnStop on_stop);
// Writes all of it. Throws IoError, or BrokenPipe when the reader has gone.
void write_all_or_throw(int descriptor, std::string_view bytes, const std::string& name);

}  // namespace gpt::io
