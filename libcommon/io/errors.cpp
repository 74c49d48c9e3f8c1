#include "libcommon/io/errors.hpp"

#include <cerrno>
#include <cstring>

namespace gpt::io {
namespace {

std::string io_message(const std::string& path, const std::string& action, int error_number) {
  std::string message = path + ": " + action;
  if (error_number != 0) message += std::string(": ") + std::strerror(error_number);
  return message;
}

}  // namespace

IoError::IoError(const std::string& path, const std::string& action, int error_number)
    : std::runtime_error(io_message(path, action, error_number)) {}

BrokenPipe::BrokenPipe() : IoError("stdout", "cannot write", EPIPE) {}

DataError::DataError(const std::string& path, const std::string& reason)
    : std::runtime_error(path + ": " + reason) {}

DataError::DataError(const std::string& path, std::uint64_t line, const std::string& reason)
    : std::runtime_error(path + ":" + std::to_string(line) + ": " + reason) {}

}  // namespace gpt::io
