#include "libcommon/io/share_folder.hpp"

#include <cstdlib>
#include <string>

#include <doctest/doctest.h>

#include "libcommon/io/byte_source.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace gpt::io;

TEST_CASE("shared files are found in the source tree, and first where GPT_SHARE says") {
  const auto installed = find_shared_file("prefixes/sv.txt");
  REQUIRE(installed.has_value());
  CHECK_FALSE(find_shared_file("prefixes/no-such-language.txt").has_value());
  CHECK_FALSE(find_shared_file("prefixes").has_value());

  const gpt::test::ScratchFolder folder;
  const auto path = folder.with("mine.txt", "mine");
  const std::string parent = path.substr(0, path.rfind('/'));
  setenv("GPT_SHARE", parent.c_str(), 1);
  const auto mine = find_shared_file("mine.txt");
  const auto fallback = find_shared_file("prefixes/sv.txt");
  unsetenv("GPT_SHARE");
  REQUIRE(mine.has_value());
  CHECK(read_file_or_throw(*mine) == "mine");
  CHECK(fallback == installed);
}
