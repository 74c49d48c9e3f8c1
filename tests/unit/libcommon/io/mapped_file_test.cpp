#include "libcommon/io/mapped_file.hpp"

#include <string_view>

#include <doctest/doctest.h>

#include "libcommon/io/errors.hpp"
#include "tests/support/scratch_folder.hpp"

namespace {

using namespace gpt;
using io::MappedFile;

std::string_view characters(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

}  // namespace

TEST_CASE("a mapped file shows the file's bytes, and moves") {
  const test::ScratchFolder folder;
  auto file = MappedFile::open_or_throw(folder.with("a", "bytes"));
  CHECK(characters(file) == "bytes");
  CHECK(file.path() == folder.file("a"));
  MappedFile moved = std::move(file);
  CHECK(characters(moved) == "bytes");
  moved = MappedFile::open_or_throw(folder.with("b", "others"));
  CHECK(characters(moved) == "others");
}

TEST_CASE("an empty file maps to an empty span") {
  const test::ScratchFolder folder;
  CHECK(MappedFile::open_or_throw(folder.with("empty", "")).bytes().empty());
}

TEST_CASE("what cannot be mapped is named") {
  const test::ScratchFolder folder;
  CHECK_THROWS_WITH_AS(MappedFile::open_or_throw(folder.file("missing")),
                       (folder.file("missing") + ": cannot open: No such file or directory").c_str(),
                       io::IoError);
  CHECK_THROWS_AS(MappedFile::open_or_throw(folder.file(".")), io::IoError);
  CHECK_THROWS_AS(MappedFile::open_or_throw("/dev/null"), io::IoError);
}
