#include <fstream>

#include <doctest/doctest.h>

#include "libgpt/data/index_cache.hpp"
#include "libgpt/data/npy_file.hpp"
#include "tests/unit/libgpt/data/sample_dataset.hpp"

namespace gpt::data {
namespace {

namespace fs = std::filesystem;

TEST_CASE("headers are those of numpy.save") {
  const std::size_t vector_shape[] = {447};
  const std::size_t pair_shape[] = {448, 2};
  const std::string header = npy_header("<i4", vector_shape);
  CHECK(header.size() % 64 == 0);
  CHECK(header.substr(10, 57) == "{'descr': '<i4', 'fortran_order': False, 'shape': (447,),");
  CHECK(npy_header("<i4", pair_shape).find("'shape': (448, 2), }") != std::string::npos);
  const std::string file = header + std::string(447 * 4, 'x');
  const auto bytes = std::as_bytes(std::span(file));
  CHECK(npy_data_offset(bytes, "<i4", vector_shape) == header.size());
  CHECK_FALSE(npy_data_offset(bytes, "<u4", vector_shape).has_value());
  CHECK_FALSE(npy_data_offset(bytes, "<i4", pair_shape).has_value());
  CHECK_FALSE(npy_data_offset(bytes.first(bytes.size() - 1), "<i4", vector_shape).has_value());
  CHECK_FALSE(npy_data_offset(bytes.first(5), "<i4", vector_shape).has_value());
}

template <class T>
bool same(std::span<const T> a, std::span<const T> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

void check_same(const SampleIndices& a, const SampleIndices& b) {
  CHECK(same(a.documents, b.documents));
  CHECK(same(a.samples, b.samples));
  CHECK(same(a.shuffle, b.shuffle));
  CHECK(a.plan.samples == b.plan.samples);
}

TEST_CASE("indices are kept under Megatron's names and used again only for the same request") {
  const ScratchFolder scratch;
  const IndexCache cache = {scratch / "cache", "d", Part::valid};
  std::vector<std::int32_t> lengths = {40, 3, 17, 80};
  const SampleIndexRequest request = {{0, 3}, 8, 10, 1234};
  const auto fresh = build_sample_indices_or_throw(lengths, request);
  check_same(load_or_build_sample_indices_or_throw(cache, lengths, request), fresh);
  const std::string stem = scratch / "cache/d_valid_indexmap_10ns_8sl_1234s_";
  for (const char* name : {"doc_idx.npy", "sample_idx.npy", "shuffle_idx.npy", "key.json"})
    REQUIRE(fs::exists(stem + name));

  SUBCASE("the second time they are mapped") {
    // A changed entry shows that the file is what is read.
    std::fstream file(stem + "shuffle_idx.npy", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-4, std::ios::end);
    file.write("\x07\x00\x00\x00", 4);
    file.close();
    CHECK(load_or_build_sample_indices_or_throw(cache, lengths, request).shuffle.back() == 7);
  }
  SUBCASE("another split of the same dataset has the same names, but not the same key") {
    const SampleIndexRequest other = {{1, 4}, 8, 10, 1234};
    check_same(load_or_build_sample_indices_or_throw(cache, lengths, other),
               build_sample_indices_or_throw(lengths, other));
  }
  SUBCASE("a changed dataset is noticed") {
    lengths[2] = 18;
    check_same(load_or_build_sample_indices_or_throw(cache, lengths, request),
               build_sample_indices_or_throw(lengths, request));
  }
  SUBCASE("arrays that were cut short or have no key are built anew") {
    fs::resize_file(stem + "sample_idx.npy", 100);
    check_same(load_or_build_sample_indices_or_throw(cache, lengths, request), fresh);
    fs::remove(stem + "key.json");
    fs::resize_file(stem + "doc_idx.npy", 100);
    check_same(load_or_build_sample_indices_or_throw(cache, lengths, request), fresh);
    check_same(load_or_build_sample_indices_or_throw(cache, lengths, request), fresh);
  }
}

}  // namespace
}  // namespace gpt::data
