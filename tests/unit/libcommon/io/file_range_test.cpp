#include "libcommon/io/file_range.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "libcommon/io/errors.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace gpt::io;

namespace {

std::string content_of(const FileRange& range, std::size_t buffer_bytes) {
  const auto source = open_range_or_throw(range);
  std::string content;
  std::string buffer(buffer_bytes, '\0');
  while (const std::size_t count = source->read_or_throw(buffer)) content.append(buffer, 0, count);
  return content;
}

}  // namespace

TEST_CASE("a range holds the lines that begin in it") {
  const gpt::test::ScratchFolder folder;
  const auto path = folder.with("a", "one\ntwo\nthree\n");
  CHECK(content_of({path, 0, 1}, 100) == "one\n");
  CHECK(content_of({path, 0, 4}, 100) == "one\n");
  CHECK(content_of({path, 0, 5}, 100) == "one\ntwo\n");
  CHECK(content_of({path, 1, 4}, 100).empty());
  CHECK(content_of({path, 1, 5}, 100) == "two\n");
  CHECK(content_of({path, 4, 8}, 100) == "two\n");
  CHECK(content_of({path, 8, FileRange::kToTheEnd}, 100) == "three\n");
  CHECK(content_of({path, 9, FileRange::kToTheEnd}, 100).empty());
  CHECK(content_of({path, 0, FileRange::kToTheEnd}, 100) == "one\ntwo\nthree\n");
}

TEST_CASE("every way to cut a file gives each line once, whatever the buffer") {
  const gpt::test::ScratchFolder folder;
  for (const std::string content : {"a\n\n\nbcd\ne", "\n", "abc", "ab\ncd\n\n", ""}) {
    const auto path = folder.with("cut", content);
    for (std::uint64_t first = 0; first <= content.size(); ++first) {
      for (std::uint64_t second = first; second <= content.size(); ++second) {
        for (const std::size_t buffer : {1, 2, 64}) {
          std::string joined = first > 0 ? content_of({path, 0, first}, buffer) : "";
          if (second > first) joined += content_of({path, first, second}, buffer);
          joined += content_of({path, second, FileRange::kToTheEnd}, buffer);
          CHECK(joined == content);
        }
      }
    }
  }
}

TEST_CASE("a range names where its line numbers begin, and what cannot be opened") {
  const gpt::test::ScratchFolder folder;
  const auto path = folder.with("a", "one\ntwo\n");
  CHECK(open_range_or_throw({path, 4, 8})->name() == path + " (from byte 4)");
  CHECK(open_range_or_throw({path, 0, 4})->name() == path);
  CHECK_THROWS_AS(open_range_or_throw({path + ".missing", 4, 8}), IoError);
}
