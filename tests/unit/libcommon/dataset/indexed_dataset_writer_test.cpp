#include "libcommon/dataset/indexed_dataset_writer.hpp"

#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "libcommon/dataset/indexed_dataset.hpp"
#include "libcommon/io/errors.hpp"
#include "tests/unit/libcommon/dataset/scratch_folder.hpp"

using namespace gpt;
using namespace gpt::dataset;

namespace {

using Ids = std::vector<std::uint32_t>;

std::vector<std::int32_t> tokens_of(const IndexedDataset& data, std::size_t i) {
  std::vector<std::int32_t> ids(data.size(i));
  data.copy_tokens(i, 0, ids);
  return ids;
}

}  // namespace

TEST_CASE("the bytes are those of the format") {
  const ScratchFolder folder;
  IndexedDatasetWriter writer(folder / "d", TokenType::u16);
  writer.add_sequence_or_throw(Ids{1, 2, 65534});
  writer.add_sequence_or_throw(Ids{258});
  writer.end_document();
  writer.end_document();
  writer.commit_or_throw();

  CHECK(bytes_of_file(folder / "d.bin") == std::string("\x01\x00\x02\x00\xFE\xFF\x02\x01", 8));
  const auto u64 = [](char low) { return std::string(1, low) + std::string(7, '\0'); };
  const auto u32 = [](char low) { return std::string(1, low) + std::string(3, '\0'); };
  CHECK(bytes_of_file(folder / "d.idx") == std::string("MMIDIDX\0\0", 9) + u64(1) + "\x08" + u64(2) + u64(3) +
                                               u32(3) + u32(1) + u64(0) + u64(6) + u64(0) + u64(2) + u64(2));
}

TEST_CASE("what is written is read back, in every token type") {
  for (const TokenType type :
       {TokenType::u8, TokenType::i8, TokenType::i16, TokenType::i32, TokenType::i64, TokenType::u16}) {
    const ScratchFolder folder;
    IndexedDatasetWriter writer(folder / "d", type);
    writer.add_sequence_or_throw(Ids{7, 0, 127});
    writer.end_document();
    writer.add_sequence_or_throw(Ids{});
    writer.add_sequence_or_throw(
        Ids{static_cast<std::uint32_t>(std::min<std::uint64_t>(highest_id(type), 50000))});
    writer.end_document();
    CHECK(writer.documents() == 2);
    CHECK(writer.sequences() == 3);
    CHECK(writer.tokens() == 4);
    writer.commit_or_throw();

    const auto data = IndexedDataset::open_or_throw(folder / "d");
    CAPTURE(name_of(type));
    CHECK(data.token_type() == type);
    CHECK(data.documents() == 2);
    CHECK(data.sequences() == 3);
    CHECK(data.tokens() == 4);
    CHECK(data.document_index()[0] == 0);
    CHECK(data.document_index()[1] == 1);
    CHECK(data.document_index()[2] == 3);
    CHECK(tokens_of(data, 0) == std::vector<std::int32_t>{7, 0, 127});
    CHECK(tokens_of(data, 1).empty());
    CHECK(static_cast<std::uint64_t>(tokens_of(data, 2)[0]) ==
          std::min<std::uint64_t>(highest_id(type), 50000));
  }
}

TEST_CASE("an empty dataset is one") {
  const ScratchFolder folder;
  IndexedDatasetWriter(folder / "d", TokenType::i32).commit_or_throw();
  const auto data = IndexedDataset::open_or_throw(folder / "d");
  CHECK(data.documents() == 0);
  CHECK(data.sequences() == 0);
  CHECK(data.tokens() == 0);
}

TEST_CASE("without commit nothing stays") {
  const ScratchFolder folder;
  {
    IndexedDatasetWriter writer(folder / "d", TokenType::u16);
    writer.add_sequence_or_throw(Ids{1});
    CHECK_FALSE(folder.is_empty());
  }
  CHECK(folder.is_empty());
}

TEST_CASE("ids that do not fit are refused") {
  const ScratchFolder folder;
  IndexedDatasetWriter writer(folder / "d", TokenType::u16);
  CHECK_THROWS_WITH_AS(writer.add_sequence_or_throw(Ids{65536}), doctest::Contains("65536 does not fit u16"),
                       std::out_of_range);
}

TEST_CASE("existing files are refused, both of them, or replaced") {
  for (const char* name : {"d.bin", "d.idx"}) {
    const ScratchFolder folder;
    write_bytes(folder / name, "old");
    CHECK_THROWS_WITH_AS(IndexedDatasetWriter(folder / "d", TokenType::u16), doctest::Contains(name),
                         io::IoError);
    CHECK(bytes_of_file(folder / name) == "old");
    IndexedDatasetWriter writer(folder / "d", TokenType::u16, io::Existing::replace);
    writer.commit_or_throw();
    CHECK(IndexedDataset::open_or_throw(folder / "d").documents() == 0);
  }
}

TEST_CASE("an index that cannot take its name leaves no .bin behind") {
  const ScratchFolder folder;
  IndexedDatasetWriter writer(folder / "d", TokenType::u16);
  write_bytes(folder / "d.idx", "came in between");
  CHECK_THROWS_AS(writer.commit_or_throw(), io::IoError);
  CHECK_FALSE(std::filesystem::exists(folder / "d.bin"));
  CHECK(bytes_of_file(folder / "d.idx") == "came in between");
}

TEST_CASE("the token type by size of vocabulary") {
  CHECK(token_type_for_vocabulary(50257) == TokenType::u16);
  CHECK(token_type_for_vocabulary(65499) == TokenType::u16);
  CHECK(token_type_for_vocabulary(65500) == TokenType::i32);
}
