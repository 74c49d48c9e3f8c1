#include "libcommon/io/shard.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "libcommon/io/errors.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace gpt::io;

namespace {

constexpr auto kToTheEnd = FileRange::kToTheEnd;

std::string shown(const std::vector<FileRange>& ranges) {
  std::string text;
  for (const auto& range : ranges) {
    text += range.path + "[" + std::to_string(range.begin) + "," +
            (range.end == kToTheEnd ? "end" : std::to_string(range.end)) + ")";
  }
  return text;
}

}  // namespace

TEST_CASE("files at least as many as shards are shared whole, in order") {
  const std::vector<InputFile> inputs = {{"a", 10, true}, {"b", 999, true}, {"c", 1, true}};
  CHECK(shown(share_of_inputs(inputs, {0, 2})) == "a[0,end)");
  CHECK(shown(share_of_inputs(inputs, {1, 2})) == "b[0,end)c[0,end)");
  CHECK(shown(share_of_inputs(inputs, {2, 3})) == "c[0,end)");
  CHECK(shown(share_of_inputs(inputs, {0, 1})) == "a[0,end)b[0,end)c[0,end)");
}

TEST_CASE("fewer files are cut into byte ranges that meet") {
  const std::vector<InputFile> inputs = {{"a", 10, true}, {"b", 20, true}};
  CHECK(shown(share_of_inputs(inputs, {0, 3})) == "a[0,end)");
  CHECK(shown(share_of_inputs(inputs, {1, 3})) == "b[0,10)");
  CHECK(shown(share_of_inputs(inputs, {2, 3})) == "b[10,end)");
  CHECK(shown(share_of_inputs(inputs, {1, 4})) == "a[7,end)b[0,5)");
}

TEST_CASE("one compressed file keeps all whole, and shards may be left without any") {
  const std::vector<InputFile> inputs = {{"a.gz", 10, false}, {"b", 20, true}};
  CHECK(shown(share_of_inputs(inputs, {0, 4})).empty());
  CHECK(shown(share_of_inputs(inputs, {1, 4})) == "a.gz[0,end)");
  CHECK(shown(share_of_inputs(inputs, {3, 4})) == "b[0,end)");
}

TEST_CASE("shares of huge inputs do not overflow") {
  const std::uint64_t huge = std::uint64_t{1} << 62;
  const std::vector<InputFile> inputs = {{"a", huge, true}};
  CHECK(shown(share_of_inputs(inputs, {999, 1000})) ==
        "a[" + std::to_string(huge - huge / 1000 - 1) + ",end)");
}

TEST_CASE("no inputs, no share") { CHECK(share_of_inputs({}, {0, 4}).empty()); }

TEST_CASE("inputs are inspected by content, not by name") {
  const gpt::test::ScratchFolder folder;
  const auto plain = folder.with("plain.gz", "not compressed");
  const auto packed = folder.with("packed.txt", std::string("\x1F\x8B\x08\x00rest", 8));
  const auto inputs = inspect_inputs_or_throw({plain, packed});
  CHECK(inputs[0].divisible);
  CHECK(inputs[0].bytes == 14);
  CHECK_FALSE(inputs[1].divisible);
  CHECK_THROWS_AS(inspect_inputs_or_throw({plain + ".missing"}), IoError);
}

TEST_CASE("part names keep folder, endings and what is no ending") {
  CHECK(part_name("clean.jsonl", {3, 16}) == "clean.00003-of-00016.jsonl");
  CHECK(part_name("out.d/clean.jsonl.zst", {0, 2}) == "out.d/clean.00000-of-00002.jsonl.zst");
  CHECK(part_name("out.d/clean", {0, 2}) == "out.d/clean.00000-of-00002");
  CHECK(part_name("clean.gz", {0, 2}) == "clean.00000-of-00002.gz");
  CHECK(part_name("a/.hidden", {0, 2}) == "a/.hidden.00000-of-00002");
  CHECK(part_name("x.jsonl", {123456, 200000}) == "x.123456-of-200000.jsonl");
  CHECK(part_name("clean.jsonl", {0, 1}) == "clean.jsonl");
  CHECK(part_name("-", {0, 2}) == "-");
}
