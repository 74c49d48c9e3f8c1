#include "libcommon/io/file_descriptor.hpp"

#include <array>
#include <cerrno>
#include <utility>

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libcommon/cli/stop_signals.hpp"
#include "libcommon/io/errors.hpp"

namespace gpt::io {

FileDescriptor::~FileDescriptor() {
  if (number_ >= 0) ::close(number_);
}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    if (number_ >= 0) ::close(number_);
    number_ = other.release();
  }
  return *this;
}

int FileDescriptor::release() { return std::exchange(number_, -1); }

bool FileDescriptor::close_and_check() { return ::close(release()) == 0; }

namespace {

// Waits until bytes (or the end) can be read, or a stop is asked for. Regular files never wait.
void wait_readable(int descriptor) {
  const int wake = cli::stop_wake_descriptor();
  std::array<pollfd, 2> waits = {pollfd{descriptor, POLLIN, 0}, pollfd{wake, POLLIN, 0}};
  while (poll(waits.data(), wake >= 0 ? 2 : 1, -1) < 0) {
    if (errno != EINTR) return;  // read() will report what is wrong
    cli::throw_if_stop_requested();
  }
  cli::throw_if_stop_requested();
}

}  // namespace

std::size_t read_some_or_throw(int descriptor, std::span<char> buffer, const std::string& name,
                               OnStop on_stop) {
  while (true) {
    if (on_stop == OnStop::give_up) wait_readable(descriptor);
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR && errno != EAGAIN) throw IoError(name, "cannot read", errno);
  }
}

void write_all_or_throw(int descriptor, std::string_view bytes, const std::string& name) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN) {
        pollfd wait = {descriptor, POLLOUT, 0};
        poll(&wait, 1, -1);
        continue;
      }
      if (errno == EPIPE) throw BrokenPipe();
      throw IoError(name, "cannot write", errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace gpt::io
