#include "libcommon/io/line_reader.hpp"

#include <doctest/doctest.h>

#include "compressed_bytes.hpp"
#include "libcommon/io/errors.hpp"
#include "tests/support/scratch_folder.hpp"

namespace {

using namespace gpt;
using io::LineBatchReader;
using io::LineReader;
using test::MemorySource;
using test::ScratchFolder;
using Lines = std::vector<std::string>;

Lines lines_of(const std::string& content, std::size_t piece = std::string::npos) {
  LineReader reader(std::make_unique<MemorySource>(content, piece));
  Lines lines;
  while (const auto line = reader.next_or_throw()) {
    lines.emplace_back(*line);
    CHECK(reader.line_number() == lines.size());
  }
  CHECK_FALSE(reader.next_or_throw());
  CHECK(reader.bytes_read() == content.size());
  return lines;
}

}  // namespace

TEST_CASE("lines end at \\n; a last one without it counts; \\r stays") {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::string::npos}) {
    CHECK(lines_of("", piece) == Lines{});
    CHECK(lines_of("\n", piece) == Lines{""});
    CHECK(lines_of("a", piece) == Lines{"a"});
    CHECK(lines_of("a\nb\n", piece) == Lines{"a", "b"});
    CHECK(lines_of("a\n\nb", piece) == Lines{"a", "", "b"});
    CHECK(lines_of("a\r\nb\r", piece) == Lines{"a\r", "b\r"});
    CHECK(lines_of("\n\n\n", piece) == Lines{"", "", ""});
    CHECK(lines_of(std::string("a\0b\nc", 5), piece) == Lines{std::string("a\0b", 3), "c"});
  }
}

TEST_CASE("lines around and beyond the buffer's size") {
  constexpr std::size_t kBuffer = std::size_t{1} << 20;
  for (const std::size_t size : {kBuffer - 1, kBuffer, kBuffer + 1, 3 * kBuffer + 17}) {
    const std::string first(size, 'x');
    const std::string second(2 * size, 'y');
    const auto lines = lines_of("short\n" + first + "\n" + second + "\nend");
    REQUIRE(lines.size() == 4);
    const bool same = lines[0] == "short" && lines[1] == first && lines[2] == second && lines[3] == "end";
    CHECK(same);
  }
}

TEST_CASE("batches hold whole lines, in order, never of two files") {
  const ScratchFolder folder;
  const std::vector<std::string> paths = {folder.with("a", "1\n22\n333\n"), folder.with("empty", ""),
                                          folder.with("b", "4444\n\n5")};
  for (const std::size_t batch_bytes : {1, 3, 4, 1000}) {
    CAPTURE(batch_bytes);
    LineBatchReader reader(paths, batch_bytes);
    std::vector<std::pair<std::string, Lines>> files;
    while (const auto batch = reader.next_or_throw()) {
      REQUIRE(batch->size() > 0);
      CHECK(*batch->file == paths[batch->file_index]);
      if (files.empty() || files.back().first != *batch->file) files.emplace_back(*batch->file, Lines{});
      auto& lines = files.back().second;
      CHECK(batch->first_line == lines.size() + 1);
      for (std::size_t i = 0; i < batch->size(); ++i) lines.emplace_back(batch->line(i));
    }
    REQUIRE(files.size() == 2);
    CHECK(files[0].second == Lines{"1", "22", "333"});
    CHECK(files[1].second == Lines{"4444", "", "5"});
    CHECK(reader.bytes_read() == 9 + 7);
  }
}

TEST_CASE("a byte order mark at the beginning of a file is no part of its first line") {
  const ScratchFolder folder;
  const std::string mark = "\xEF\xBB\xBF";
  const std::string path = folder.with("a", mark + "a\n" + mark + "b\n");
  LineReader lines(io::open_input_or_throw(path));
  CHECK(lines.next_or_throw().value() == "a");
  CHECK(lines.next_or_throw().value() == mark + "b");
  CHECK(lines.bytes_read() == 10);

  LineBatchReader whole({path, path});
  for (int file = 0; file < 2; ++file) CHECK(whole.next_or_throw().value().line(0) == "a");

  // A range that begins further on begins with what stands there.
  LineBatchReader share(std::vector<io::FileRange>{{path, 5, io::FileRange::kToTheEnd}});
  CHECK(share.next_or_throw().value().line(0) == mark + "b");
}

TEST_CASE("a batch of empty lines ends too") {
  const ScratchFolder folder;
  LineBatchReader reader({folder.with("empty-lines", std::string(10000, '\n'))}, 1000);
  std::size_t lines = 0;
  while (const auto batch = reader.next_or_throw()) {
    CHECK(batch->size() <= 1000);
    lines += batch->size();
  }
  CHECK(lines == 10000);
}

TEST_CASE("a missing file is met when it is reached") {
  const ScratchFolder folder;
  LineBatchReader reader({folder.with("a", "1\n"), folder.file("missing")});
  CHECK(reader.next_or_throw());
  CHECK_THROWS_AS(reader.next_or_throw(), io::IoError);
}

TEST_CASE("damage in the middle: the lines before it come first") {
  const std::string text = "first\nsecond\n" + std::string(300000, 'z') + "\nlast\n";
  std::string bytes = test::compressed(io::Compression::gzip, text);
  bytes.resize(bytes.size() - 4);
  LineReader reader(io::decompressed(io::Compression::gzip, std::make_unique<MemorySource>(bytes)));
  CHECK(reader.next_or_throw() == "first");
  CHECK(reader.next_or_throw() == "second");
  const auto read_rest = [&] {
    while (reader.next_or_throw()) {
    }
  };
  CHECK_THROWS_AS(read_rest(), io::DataError);
}
