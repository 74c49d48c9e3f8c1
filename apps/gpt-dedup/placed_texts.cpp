#include "apps/gpt-dedup/placed_texts.hpp"

#include <cerrno>
#include <span>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "libcommon/io/errors.hpp"

namespace gpt::dedup {
namespace {

constexpr std::size_t kFirstRead = 8192;  // longer than most documents
// More inputs are opened anew for each text: a process may hold 1024 descriptors.
constexpr std::size_t kMostOpenFiles = 256;

io::FileDescriptor open_or_throw(const std::string& path) {
  io::FileDescriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.number() < 0) throw io::IoError(path, "cannot open", errno);
  return descriptor;
}

std::size_t read_at_or_throw(int descriptor, std::uint64_t offset, std::span<char> out,
                             const std::string& path) {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t count =
        ::pread(descriptor, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw io::IoError(path, "cannot read", errno);
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

// The line at an offset, without its '\n'.
std::string line_at_or_throw(int descriptor, std::uint64_t offset, const std::string& path) {
  std::string line;
  for (std::size_t more = kFirstRead;; more = 2 * line.size()) {
    const std::size_t had = line.size();
    line.resize(had + more);
    const std::size_t count = read_at_or_throw(descriptor, offset + had, std::span(line).subspan(had), path);
    line.resize(had + count);
    const std::size_t end = line.find('\n', had);
    if (end != std::string::npos) {
      line.resize(end);
      return line;
    }
    if (count < more) return line;
  }
}

// Where the lines of a range begin: behind a byte order mark, or behind the first line end at its begin.
std::uint64_t first_line_or_throw(const io::FileRange& range, int descriptor) {
  if (range.begin > 0) return range.begin + line_at_or_throw(descriptor, range.begin - 1, range.path).size();
  std::string mark(3, '\0');
  const std::size_t count = read_at_or_throw(descriptor, 0, mark, range.path);
  return count == 3 && mark == "\xEF\xBB\xBF" ? 3 : 0;
}

}  // namespace

PlacedTexts::PlacedTexts(const Places& places, const std::vector<PlainFile>& files, std::string text_key)
    : places_(places), text_key_(std::move(text_key)) {
  for (const PlainFile& file : files) {
    io::FileDescriptor descriptor = open_or_throw(file.range.path);
    const std::uint64_t first_line = first_line_or_throw(file.range, descriptor.number());
    if (files.size() > kMostOpenFiles) descriptor = io::FileDescriptor();
    files_.push_back({file.range.path, std::move(descriptor), first_line, file.format});
  }
}

std::string PlacedTexts::text_or_throw(DocumentId document) const {
  const Place place = places_.place(document);
  const OpenFile& file = files_[place.file];
  const std::uint64_t offset = file.first_line + place.offset;
  std::string line = file.descriptor.number() >= 0
                         ? line_at_or_throw(file.descriptor.number(), offset, file.path)
                         : line_at_or_throw(open_or_throw(file.path).number(), offset, file.path);
  if (file.format == io::DocumentFormat::text) {
    if (line.ends_with('\r')) line.pop_back();
    return line;
  }
  thread_local io::DocumentParser parser;
  return std::move(parser.fields_or_throw(line, file.path, place.line, std::span(&text_key_, 1)).front());
}

}  // namespace gpt::dedup
