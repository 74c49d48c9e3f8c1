#include "libcommon/io/file_name.hpp"

#include <doctest/doctest.h>

#include "libcommon/io/decompress.hpp"
#include "libcommon/io/shard.hpp"

using namespace gpt::io;

TEST_CASE("endings of names are told in either case") {
  CHECK(name_ends_with("a.TXT", ".txt"));
  CHECK(name_ends_with(".txt", ".txt"));
  CHECK_FALSE(name_ends_with("txt", ".txt"));
  CHECK_FALSE(name_ends_with("a.txt.gz", ".txt"));
  CHECK(without_compression("A.JSONL.GZ") == "A.JSONL");
  CHECK(without_compression("a.zst") == "a");
  CHECK(without_compression("a.jsonl") == "a.jsonl");
  CHECK(without_compression("gz") == "gz");
  CHECK(compression_of_name("A.ZST") == Compression::zstd);
  CHECK(compression_of_name("A.Gz") == Compression::gzip);
  CHECK(part_name("OUT/A.JSONL.GZ", {1, 3}) == "OUT/A.00001-of-00003.JSONL.GZ");
}
