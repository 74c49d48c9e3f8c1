#include "libcommon/dataset/indexed_dataset.hpp"

#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "libcommon/dataset/indexed_dataset_writer.hpp"
#include "libcommon/io/errors.hpp"
#include "tests/unit/libcommon/dataset/scratch_folder.hpp"

using namespace gpt;
using namespace gpt::dataset;

namespace {

using Ids = std::vector<std::uint32_t>;

// Three sequences of 2, 3 and 1 tokens in two documents.
class Sample {
 public:
  Sample() {
    IndexedDatasetWriter writer(folder_ / "d", TokenType::u16);
    writer.add_sequence_or_throw(Ids{10, 11});
    writer.add_sequence_or_throw(Ids{20, 21, 22});
    writer.end_document();
    writer.add_sequence_or_throw(Ids{30});
    writer.end_document();
    writer.commit_or_throw();
    idx_ = bytes_of_file(folder_ / "d.idx");
    bin_ = bytes_of_file(folder_ / "d.bin");
  }

  std::string prefix() const { return folder_ / "d"; }
  std::size_t index_bytes() const { return idx_.size(); }

  // What opening says after the index was changed; empty when it is taken.
  std::string error_with_index(const std::string& idx) const { return error_with(idx, bin_); }
  std::string error_with_byte(std::size_t at, char value) const {
    std::string idx = idx_;
    idx.at(at) = value;
    return error_with_index(idx);
  }
  std::string error_with_index_cut_at(std::size_t size) const {
    return error_with_index(idx_.substr(0, size));
  }
  std::string error_with_bin(const std::string& bin) const { return error_with(idx_, bin); }

 private:
  std::string error_with(const std::string& idx, const std::string& bin) const {
    write_bytes(folder_ / "d.idx", idx);
    write_bytes(folder_ / "d.bin", bin);
    try {
      IndexedDataset::open_or_throw(prefix());
    } catch (const io::DataError& error) {
      return error.what();
    }
    return "";
  }

  ScratchFolder folder_;
  std::string idx_;
  std::string bin_;
};

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// Where things lie in the sample's index.
constexpr std::size_t kSizes = 34;
constexpr std::size_t kPositions = kSizes + 3 * 4;
constexpr std::size_t kDocuments = kPositions + 3 * 8;

}  // namespace

TEST_CASE("sequences are read by their own type and by parts") {
  const Sample sample;
  const auto data = IndexedDataset::open_or_throw(sample.prefix());
  CHECK(data.size(1) == 3);
  const std::uint64_t sum = data.visit(1, [](auto tokens) {
    static_assert(sizeof(tokens[0]) <= 8);
    std::uint64_t total = 0;
    for (const auto token : tokens) total += static_cast<std::uint64_t>(token);
    return total;
  });
  CHECK(sum == 63);
  std::vector<std::int32_t> part(2);
  data.copy_tokens(1, 1, part);
  CHECK(part == std::vector<std::int32_t>{21, 22});
  CHECK_THROWS_AS(data.copy_tokens(1, 2, part), std::out_of_range);
  CHECK_THROWS_AS(data.copy_tokens(1, 4, {}), std::out_of_range);
  CHECK_THROWS_AS(data.copy_tokens(3, 0, {}), std::out_of_range);
}

TEST_CASE("missing files are named") {
  const ScratchFolder folder;
  CHECK_THROWS_WITH_AS(IndexedDataset::open_or_throw(folder / "d"), doctest::Contains("d.idx"), io::IoError);
  write_bytes(folder / "d.idx", "x");
  CHECK_THROWS_WITH_AS(IndexedDataset::open_or_throw(folder / "d"), doctest::Contains("d.bin"), io::IoError);
}

TEST_CASE("an index cut anywhere is refused") {
  const Sample sample;
  for (std::size_t size = 0; size < sample.index_bytes(); ++size) {
    CAPTURE(size);
    CHECK(contains(sample.error_with_index_cut_at(size), "cut short"));
  }
  CHECK(sample.error_with_index_cut_at(sample.index_bytes()).empty());
}

TEST_CASE("a foreign or damaged header is refused") {
  const Sample sample;
  CHECK(contains(sample.error_with_byte(0, 'X'), "does not begin as an index"));
  CHECK(contains(sample.error_with_byte(9, 2), "format version 2"));
  CHECK(contains(sample.error_with_byte(17, 6), "data type code 6"));
  CHECK(contains(sample.error_with_byte(17, 0), "data type code 0"));
  CHECK(contains(sample.error_with_byte(25, '\x7F'), "cut short or damaged"));  // 2^62 sequences
  CHECK(contains(sample.error_with_byte(18, 4), "cut short or damaged"));
  std::string no_documents = std::string("MMIDIDX\0\0\1\0\0\0\0\0\0\0\x08", 18) + std::string(16, '\0');
  CHECK(contains(sample.error_with_index(no_documents), "empty document index"));
}

TEST_CASE("entries that point outside are refused, naming both files") {
  const Sample sample;
  const std::string beyond = sample.error_with_byte(kSizes + 8, 2);
  CHECK(contains(beyond, "d.idx: sequence 2 ends at byte 14"));
  CHECK(contains(beyond, "d.bin has 12 bytes"));
  CHECK(contains(sample.error_with_byte(kSizes + 3, '\x80'), "sequence 0 has size -2147483646"));
  CHECK(contains(sample.error_with_byte(kPositions + 7, '\x80'), "sequence 0 has size 2 and position -"));
  CHECK(contains(sample.error_with_byte(kPositions + 8, 5), "which no sequence of u16 can have"));
  CHECK(contains(sample.error_with_byte(kPositions + 14, 1), "sequence 1 ends at byte"));
}

TEST_CASE("a damaged document index is refused") {
  const Sample sample;
  CHECK(contains(sample.error_with_byte(kDocuments, 1), "entry 0 of the document index is 1"));
  CHECK(contains(sample.error_with_byte(kDocuments + 8, 4), "entry 1 of the document index is 4"));
  CHECK(contains(sample.error_with_byte(kDocuments + 16, 2), "ends at sequence 2, but there are 3"));
  CHECK(contains(sample.error_with_byte(kDocuments + 23, '\x80'), "entry 2 of the document index is -"));
}

TEST_CASE("a .bin that is shorter or longer than its index is refused") {
  const Sample sample;
  CHECK(contains(sample.error_with_bin(std::string(11, 'x')), "has 11 bytes: it is cut short"));
  CHECK(contains(sample.error_with_bin(""), "has 0 bytes"));
  CHECK(contains(sample.error_with_bin(std::string(14, 'x')), "end at byte 12, but"));
}

TEST_CASE("the header alone is checked when that is asked for") {
  const Sample sample;
  CHECK(contains(sample.error_with_byte(kDocuments, 1), "document index"));
  CHECK_NOTHROW(IndexedDataset::open_or_throw(sample.prefix(), IndexCheck::header_only));
}

// Reads a dataset and writes it anew.
static void check_round_trip(const std::string& original) {
  const auto data = IndexedDataset::open_or_throw(original);
  REQUIRE(data.documents() > 0);
  const ScratchFolder folder;
  IndexedDatasetWriter writer(folder / "d", data.token_type());
  for (std::size_t d = 0; d < data.documents(); ++d) {
    for (auto i = data.document_index()[d]; i < data.document_index()[d + 1]; ++i) {
      const auto sequence = static_cast<std::size_t>(i);
      std::vector<std::int32_t> ids(data.size(sequence));
      data.copy_tokens(sequence, 0, ids);
      writer.add_sequence_or_throw(Ids(ids.begin(), ids.end()));
    }
    writer.end_document();
  }
  writer.commit_or_throw();
  CHECK(bytes_of_file(folder / "d.bin") == bytes_of_file(original + ".bin"));
  CHECK(bytes_of_file(folder / "d.idx") == bytes_of_file(original + ".idx"));
}

TEST_CASE("datasets of Megatron-Core are read, and written back byte for byte") {
  check_round_trip(GPT_SOURCE_DIR "/tests/data/golden/documents_text_document");
  check_round_trip(GPT_SOURCE_DIR "/tests/data/golden/corpus_text_document");
}

TEST_CASE("datasets of Megatron-LM are read, and written back byte for byte") {
  const char* test_data = std::getenv("GPT_TEST_DATA");
  if (test_data == nullptr) {
    MESSAGE("GPT_TEST_DATA is unset: Megatron-LM's own datasets are not tested");
    return;
  }
  check_round_trip(std::string(test_data) + "/golden/sv_text_document");
  check_round_trip(std::string(test_data) + "/golden/en_text_document");
}
