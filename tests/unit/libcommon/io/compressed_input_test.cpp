#include <random>

#include <doctest/doctest.h>

#include "compressed_bytes.hpp"
#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/decompress.hpp"
#include "libcommon/io/errors.hpp"
#include "tests/support/scratch_folder.hpp"

namespace {

using namespace gpt;
using io::Compression;
using test::compressed;
using test::MemorySource;
using test::read_all;
using test::ScratchFolder;

constexpr Compression kBoth[] = {Compression::gzip, Compression::zstd};

std::string decompress(Compression compression, const std::string& bytes,
                       std::size_t piece = std::string::npos, std::size_t buffer_bytes = 4096) {
  const auto source = io::decompressed(compression, std::make_unique<MemorySource>(bytes, piece));
  return read_all(*source, buffer_bytes);
}

std::string varied_text(std::size_t size) {
  std::mt19937 random(7);
  std::string text;
  while (text.size() < size) text += "rad " + std::to_string(random() % 5000) + " av texten\n";
  text.resize(size);
  return text;
}

}  // namespace

TEST_CASE("compression is told by the first bytes, whatever the name") {
  const ScratchFolder folder;
  for (const auto compression : kBoth) {
    const std::string path = folder.with("text.jsonl", compressed(compression, "innehåll\n"));
    CHECK(io::read_file_or_throw(path) == "innehåll\n");
  }
  CHECK(io::read_file_or_throw(folder.with("plain.gz", "no gzip\n")) == "no gzip\n");
  CHECK(io::read_file_or_throw(folder.with("plain.zst", "no zstd\n")) == "no zstd\n");
}

TEST_CASE("names choose the compression of outputs") {
  CHECK(io::compression_of_name("a.jsonl.gz") == Compression::gzip);
  CHECK(io::compression_of_name("a.txt.zst") == Compression::zstd);
  CHECK(io::compression_of_name("a.gz.txt") == Compression::none);
  CHECK(io::compression_of_name("-") == Compression::none);
}

TEST_CASE("the first bytes of each kind") {
  CHECK(io::recognise_compression("\x1f\x8b\x08") == Compression::gzip);
  CHECK(io::recognise_compression("\x28\xb5\x2f\xfd") == Compression::zstd);
  CHECK(io::recognise_compression("\x50\x2a\x4d\x18") == Compression::zstd);
  CHECK(io::recognise_compression("\x5f\x2a\x4d\x18") == Compression::zstd);
  CHECK(io::recognise_compression("\x60\x2a\x4d\x18") == Compression::none);
  CHECK(io::recognise_compression("") == Compression::none);
  CHECK(io::recognise_compression("\x1f") == Compression::none);
  CHECK(io::recognise_compression("{\"te") == Compression::none);
}

TEST_CASE("empty files: no bytes, and compressed nothing") {
  const ScratchFolder folder;
  CHECK(io::read_file_or_throw(folder.with("empty", "")).empty());
  for (const auto compression : kBoth) {
    CHECK(io::read_file_or_throw(folder.with("nothing", compressed(compression, ""))).empty());
  }
}

TEST_CASE("members one after the other read as one, also empty ones between") {
  for (const auto compression : kBoth) {
    const std::string bytes = compressed(compression, "first\n") + compressed(compression, "") +
                              compressed(compression, "second\n");
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::string::npos}) {
      CHECK(decompress(compression, bytes, piece) == "first\nsecond\n");
    }
  }
}

TEST_CASE("a zstd skippable frame is passed over, before and after") {
  const std::string skippable("\x52\x2a\x4d\x18\x03\x00\x00\x00xyz", 11);
  const std::string bytes = skippable + compressed(Compression::zstd, "text") + skippable;
  CHECK(decompress(Compression::zstd, bytes) == "text");
  CHECK(decompress(Compression::zstd, bytes, 1) == "text");
}

// The last bytes may come out together with the end of the stream, and exactly fill the caller's buffer.
TEST_CASE("every size around the buffer's size, every size of piece") {
  for (const auto compression : kBoth) {
    for (const std::size_t size : {1, 63, 64, 65, 127, 128, 129, 192, 256}) {
      const std::string text = varied_text(size);
      const std::string bytes = compressed(compression, text);
      for (const std::size_t piece : {std::size_t{1}, std::size_t{5}, std::string::npos}) {
        for (const std::size_t buffer_bytes : {1, 32, 64, 128}) {
          CAPTURE(size);
          CAPTURE(piece);
          CAPTURE(buffer_bytes);
          REQUIRE(decompress(compression, bytes, piece, buffer_bytes) == text);
        }
      }
    }
  }
}

TEST_CASE("larger than every internal block") {
  const std::string text = varied_text(3000000);
  for (const auto compression : kBoth) {
    const std::string bytes = compressed(compression, text);
    CHECK(bytes.size() < text.size());
    for (const std::size_t buffer_bytes :
         {std::size_t{1} << 16, std::size_t{1} << 20, std::size_t{3000000}}) {
      const bool same = decompress(compression, bytes, std::string::npos, buffer_bytes) == text;
      CHECK(same);
    }
  }
}

TEST_CASE("same input, same compressed bytes") {
  const std::string text = varied_text(10000);
  for (const auto compression : kBoth) CHECK(compressed(compression, text) == compressed(compression, text));
}

TEST_CASE("truncated anywhere: an error that says so") {
  const std::string text = varied_text(500);
  for (const auto compression : kBoth) {
    const std::string bytes = compressed(compression, text);
    for (std::size_t length = 4; length < bytes.size(); ++length) {
      CAPTURE(length);
      try {
        decompress(compression, bytes.substr(0, length));
        FAIL("accepted");
      } catch (const io::DataError& error) {
        CHECK(std::string(error.what()).find("memory: ") == 0);
        CHECK(std::string(error.what()).find("truncated") != std::string::npos);
      }
    }
  }
}

TEST_CASE("a flipped bit anywhere: an error, or the right bytes where the format has slack") {
  const std::string text = varied_text(300);
  for (const auto compression : kBoth) {
    const std::string bytes = compressed(compression, text);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      for (int bit = 0; bit < 8; ++bit) {
        std::string damaged = bytes;
        damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
        CAPTURE(i);
        CAPTURE(bit);
        std::string read = text;
        try {
          read = decompress(compression, damaged);
        } catch (const io::DataError&) {
        }
        REQUIRE(read == text);
      }
    }
  }
}

TEST_CASE("bytes behind the end that are no member are damage") {
  for (const auto compression : kBoth) {
    CHECK_THROWS_AS(decompress(compression, compressed(compression, "text") + "garbage"), io::DataError);
  }
}

TEST_CASE("what cannot be opened is named with the reason") {
  const ScratchFolder folder;
  CHECK_THROWS_WITH_AS(io::open_input_or_throw(folder.file("missing")),
                       (folder.file("missing") + ": cannot open: No such file or directory").c_str(),
                       io::IoError);
  CHECK_THROWS_WITH_AS(io::open_input_or_throw(folder.file(".")),
                       (folder.file(".") + ": cannot read: Is a directory").c_str(), io::IoError);
}
