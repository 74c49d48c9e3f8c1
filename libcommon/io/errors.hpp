#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace gpt::io {

// The operating system refused something about a file: "pages.jsonl: cannot open: No such file or directory".
class IoError : public std::runtime_error {
 public:
  // error_number: errno's value; 0 where the system gave none.
  IoError(const std::string& path, const std::string& action, int error_number);
};

// stdout was closed by its reader; ends the tool quietly.
class BrokenPipe : public IoError {
 public:
  BrokenPipe();
};

// The bytes of a file are not what its format asks for: "pages.jsonl:17: not valid JSON: ...".
class DataError : public std::runtime_error {
 public:
  DataError(const std::string& path, const std::string& reason);
  // line: counted from 1.
  DataError(const std::string& path, std::uint64_t line, const std::string& reason);
};

}  // namespace gpt::io
