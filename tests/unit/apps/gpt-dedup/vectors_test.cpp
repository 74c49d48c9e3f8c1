#include "apps/gpt-dedup/embedding/vectors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>

#include <doctest/doctest.h>

#include "apps/gpt-dedup/embedding/dot_products.hpp"
#include "apps/gpt-dedup/embedding/embedding_features.hpp"
#include "apps/gpt-dedup/embedding/vectors_field.hpp"
#include "apps/gpt-dedup/embedding/vectors_npy.hpp"
#include "libcommon/io/errors.hpp"
#include "tests/unit/apps/gpt-dedup/temporary_corpus.hpp"

using namespace gpt::dedup;

namespace {

VectorTable random_table(std::size_t rows, std::size_t dimensions, unsigned seed) {
  std::mt19937 draw(seed);
  std::normal_distribution<float> normal;
  VectorTable table(dimensions, rows);
  std::vector<float> former(dimensions);
  for (std::size_t i = 0; i < rows; ++i) {
    std::vector<float> vector(dimensions);
    // Every third is like the one before it.
    for (std::size_t d = 0; d < dimensions; ++d)
      vector[d] = i % 3 == 2 ? former[d] + 0.2F * normal(draw) : normal(draw);
    table.add(vector);
    former = vector;
  }
  return table;
}

double dot(const VectorTable& table, std::size_t a, std::size_t b) {
  double sum = 0;
  for (std::size_t d = 0; d < table.dimensions(); ++d) sum += double{table.row(a)[d]} * table.row(b)[d];
  return sum;
}

std::vector<CosinePair> all_pairs(const VectorTable& table, double least,
                                  PairsWanted wanted = PairsWanted::all) {
  CosineSearch search(table, least, wanted);
  std::vector<CosinePair> pairs;
  for (std::size_t block = 0; block < CosineSearch::blocks(table); ++block)
    for (const CosinePair& pair : search.pairs_of_block(block)) pairs.push_back(pair);
  return pairs;
}

std::string npy(const std::string& header, const std::string& data) {
  std::string length = {static_cast<char>(header.size() & 0xFF), static_cast<char>(header.size() >> 8U)};
  return "\x93NUMPY" + std::string("\x01\x00", 2) + length + header + data;
}

NpyLayout layout_of(const std::string& bytes) {
  return npy_layout_or_throw(std::as_bytes(std::span(bytes)), "v.npy");
}

}  // namespace

TEST_CASE("a cosine of 1 finds all vectors of one direction, and no others") {
  std::mt19937 random(12);
  std::normal_distribution<float> normal;
  for (const std::size_t dimensions : {16, 300, 8192}) {
    CAPTURE(dimensions);
    VectorTable table(dimensions, 400);
    for (int i = 0; i < 200; ++i) {
      std::vector<float> vector(dimensions);
      for (float& value : vector) value = normal(random);
      table.add(vector);
      if (i % 2 == 0)
        for (float& value : vector) value *= 3.3F;
      table.add(vector);
    }
    CosineSearch search(table, 1, PairsWanted::all);
    std::vector<CosinePair> pairs;
    for (std::size_t block = 0; block < CosineSearch::blocks(table); ++block)
      for (const CosinePair& pair : search.pairs_of_block(block)) pairs.push_back(pair);
    REQUIRE(pairs.size() == 200);
    for (std::size_t i = 0; i < 200; ++i) CHECK(pairs[i].first == 2 * i);
  }
}

TEST_CASE("rows are normed; a zero vector stays zero") {
  VectorTable table(3, 0);
  table.add(std::vector<float>{3, 0, 4});
  table.add(std::vector<float>{0, 0, 0});
  CHECK(table.row(0)[0] == doctest::Approx(0.6));
  CHECK(table.row(0)[2] == doctest::Approx(0.8));
  CHECK(dot(table, 1, 1) == 0);
  CHECK(all_pairs(table, 0.0001).empty());
}

TEST_CASE("pairs above a cosine are those of a plain search, whatever the sizes") {
  for (const std::size_t rows : {0, 1, 2, 5, 63, 64, 65, 131, 200})
    for (const std::size_t dimensions : {1, 7, 8, 33}) {
      const VectorTable table = random_table(rows, dimensions, static_cast<unsigned>(rows + dimensions));
      const double least = 0.9;
      std::size_t wanted = 0;
      std::size_t unsure = 0;  // within rounding of the threshold
      for (std::size_t b = 0; b < rows; ++b)
        for (std::size_t a = 0; a < b; ++a) {
          const double cosine = dot(table, a, b);
          unsure += std::abs(cosine - least) < 1e-5 ? 1 : 0;
          wanted += cosine >= least ? 1 : 0;
        }
      const std::vector<CosinePair> pairs = all_pairs(table, least);
      CHECK(std::abs(static_cast<double>(pairs.size()) - static_cast<double>(wanted)) <=
            static_cast<double>(unsure));
      for (const CosinePair& pair : pairs) {
        CHECK(pair.first < pair.second);
        CHECK(pair.cosine == doctest::Approx(dot(table, pair.first, pair.second)).epsilon(1e-4));
      }
    }
}

TEST_CASE("pairs that connect are no more than it takes") {
  VectorTable table(4, 300);
  for (int i = 0; i < 300; ++i) table.add(std::vector<float>{1, static_cast<float>(i % 3 == 0), 0, 0});
  CHECK(all_pairs(table, 0.99).size() == 100 * 99 / 2 + 200 * 199 / 2);
  CHECK(all_pairs(table, 0.99, PairsWanted::connecting).size() == 99 + 199);
}

TEST_CASE("dot products have the same bits by every instruction set as by the plain sum") {
  constexpr std::size_t kProducts = kLeftRows * kRightRows;
  std::mt19937 draw(17);
  std::normal_distribution<float> normal;
  for (const std::size_t stride : {kLanes, 3 * kLanes, 64 * kLanes, 65 * kLanes}) {
    std::vector<float> left(kLeftRows * stride);
    std::vector<float> right(kRightRows * stride);
    for (auto* rows : {&left, &right})
      for (float& value : *rows) value = normal(draw) * std::exp2(static_cast<float>(draw() % 20));
    std::vector<float> plain(kProducts);
    std::size_t fused_differs = 0;
    for (std::size_t k = 0; k < kProducts; ++k) {
      volatile float sums[kLanes] = {};  // so that nothing is fused here
      float fused[kLanes] = {};
      for (std::size_t i = 0; i < stride; ++i) {
        const float l = left[k / kRightRows * stride + i];
        const float r = right[k % kRightRows * stride + i];
        const volatile float product = l * r;
        sums[i % kLanes] = sums[i % kLanes] + product;
        fused[i % kLanes] = std::fma(l, r, fused[i % kLanes]);
      }
      float fused_sum = 0;
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        plain[k] += sums[lane];
        fused_sum += fused[lane];
      }
      fused_differs += plain[k] != fused_sum ? 1 : 0;
    }
    if (stride > kLanes) CHECK(fused_differs > 0);  // these numbers tell the two apart
    for (const DotProductKernel& kernel : dot_product_kernels()) {
      CAPTURE(kernel.name);
      std::vector<float> products(kProducts);
      kernel.call(left.data(), right.data(), stride, products.data());
      CHECK(products == plain);
    }
    std::vector<float> products(kProducts);
    dot_products(left.data(), right.data(), stride, products.data());
    CHECK(products == plain);
  }
  CHECK(dot_product_kernels().size() >= 1);
}

TEST_CASE("features: counted, weighed by how rare they are, projected without bias") {
  FeatureCounter counter({.length = 2});
  const auto counts = counter.count("ababab");
  REQUIRE(counts.size() == 2);
  CHECK(counts[0].times == 3);
  CHECK(counts[1].times == 2);
  const std::uint32_t common = counts[0].feature;
  const std::uint32_t rare = counts[1].feature;
  CHECK(counter.count("").empty());
  CHECK(counter.count("ab").size() == 1);

  InverseFrequencies weights;
  for (int i = 0; i < 9; ++i) {
    weights.add_document();
    weights.add_feature(common);
  }
  weights.add_feature(rare);
  weights.finish();
  CHECK(weights.weight(common) == doctest::Approx(1));
  CHECK(weights.weight(rare) == doctest::Approx(std::log(10.0 / 2) + 1));

  std::vector<float> vector(1024);
  const std::vector<FeatureCount> features = {{common, 1}, {rare, 3}};
  project(features, weights, vector);
  double squares = 0;
  for (const float value : vector) squares += double{value} * value;
  CHECK(squares == doctest::Approx(1 + std::pow((1 + std::log(3.0)) * (std::log(5.0) + 1), 2)));
}

TEST_CASE("NumPy arrays: what is read, and what is refused") {
  const std::string good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }         \n";
  const NpyLayout layout = layout_of(npy(good, std::string(24, '\0')));
  CHECK(layout.rows == 2);
  CHECK(layout.columns == 3);
  CHECK(layout.value_bytes == 4);
  CHECK(layout.data_begin == 10 + good.size());
  CHECK(layout_of(npy("{'shape': (0,3), 'descr':'<f8','fortran_order':False}", "")).rows == 0);
  const auto refused = [](const std::string& header, std::size_t bytes, const char* why) {
    CHECK_THROWS_WITH_AS(layout_of(npy(header, std::string(bytes, '\0'))), doctest::Contains(why),
                         gpt::io::DataError);
  };
  for (const std::size_t bytes : {0, 1, 23, 25, 28}) refused(good, bytes, "cut short");
  refused("{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3)}", 24, "type '<i4': save it as");
  refused("{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3)}", 24,
          "type '>f4': save it as little-endian");
  refused("{'descr': '<f2', 'fortran_order': False, 'shape': (2, 3)}", 12, "type '<f2'");
  refused("{'descr': [('v', '<f4')], 'fortran_order': False, 'shape': (2, 3)}", 24, "in its place");
  refused("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3)}", 24, "ascontiguousarray");
  refused("{'descr': '<f4', 'fortran_order': False, 'shape': (6,)}", 24, "one dimension");
  refused("{'descr': '<f4', 'fortran_order': False, 'shape': ()}", 4, "not of numbers");
  refused("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 3)}", 24, "more than two dimensions");
  refused("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 0)}", 0, "no numbers");
  refused("{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 3)}", 24, "not of numbers");
  refused("{'descr': '<f4', 'shape': (2, 3)}", 24, "not NumPy's");
  refused("{'descr': '<f4', 'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)}", 24, "'descr' twice");
  refused("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'shape': (3, 2)}", 24, "'shape' twice");
  refused("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'names': ()}", 24,
          "unknown key 'names'");
  refused("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)}", 0, "cut short");
  CHECK_THROWS_WITH_AS(layout_of(npy(good, "").substr(0, 20)), doctest::Contains("ends in its header"),
                       gpt::io::DataError);
  CHECK_THROWS_WITH_AS(layout_of("PK\x03\x04"), doctest::Contains("no NumPy array"), gpt::io::DataError);
  CHECK_THROWS_WITH_AS(layout_of(""), doctest::Contains("no NumPy array"), gpt::io::DataError);
}

TEST_CASE("a row of a NumPy array that holds no finite float is named") {
  const TemporaryCorpus folder;
  const auto bytes_of = [](const auto& values) {
    return std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof values[0]);
  };
  const float inf = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  folder.write("v4.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2)}",
                             bytes_of(std::vector<float>{1, 2, 3, nan, -inf, 4})));
  folder.write("v8.npy", npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2)}",
                             bytes_of(std::vector<double>{1e38, 2, 1e39, 3})));
  std::vector<float> row(2);
  const auto v4 = NpyVectors::open_or_throw(folder.path("v4.npy"));
  v4.read_or_throw(0, row);
  CHECK(row == std::vector<float>{1, 2});
  CHECK_THROWS_WITH_AS(v4.read_or_throw(1, row),
                       doctest::Contains("v4.npy: row 1 (the first is 0) holds nan"), gpt::io::DataError);
  CHECK_THROWS_WITH_AS(v4.read_or_throw(2, row), doctest::Contains("row 2 (the first is 0) holds -inf"),
                       gpt::io::DataError);
  const auto v8 = NpyVectors::open_or_throw(folder.path("v8.npy"));
  v8.read_or_throw(0, row);
  CHECK(row == std::vector<float>{1e38F, 2});
  CHECK_THROWS_WITH_AS(v8.read_or_throw(1, row),
                       doctest::Contains("row 1 (the first is 0) holds inf as number 0"), gpt::io::DataError);
}

TEST_CASE("a field with a vector") {
  VectorField field("v");
  CHECK(field.read_or_throw(R"({"v":[1, -2.5, 3e2]})", "f", 1) == std::vector<float>{1, -2.5, 300});
  CHECK(field.read_or_throw(R"({"v":[1],"t":"\ud83d","v":[2e0]})", "f", 1) == std::vector<float>{2});
  CHECK_THROWS_WITH_AS(field.read_or_throw(R"({"v":[1,1e400]})", "f", 7),
                       doctest::Contains("f:7: the field \"v\" is no list of numbers"), gpt::io::DataError);
  for (const char* line :
       {R"({"w":[1]})", R"({"v":[]})", R"({"v":[1,"2"]})", R"({"v":1})", R"({"v":[1e300]})", "[1]"})
    CHECK_THROWS_AS(field.read_or_throw(line, "f", 7), gpt::io::DataError);
  CHECK_THROWS_WITH_AS(field.read_or_throw(R"({"v":[1,1e300]})", "f", 7),
                       doctest::Contains("f:7: the field \"v\" holds a number beyond those of float32, 1"),
                       gpt::io::DataError);
}

TEST_CASE("damaged NumPy arrays are read within their bytes or refused") {
  const std::string good =
      npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n", std::string(24, '\1'));
  std::mt19937 draw(11);
  const std::string pieces = "(){}',: <f480123456789FalseTrue\n";
  std::size_t accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = good;
    for (auto damages = 1 + draw() % 3; damages > 0 && !bytes.empty(); --damages) {
      const std::size_t at = draw() % bytes.size();
      const char byte = draw() % 2 == 0 ? pieces[draw() % pieces.size()] : static_cast<char>(draw());
      switch (draw() % 4) {
        case 0:
          bytes[at] = byte;
          break;
        case 1:
          bytes.insert(at, 1, byte);
          break;
        case 2:
          bytes.erase(at, 1);
          break;
        default:
          bytes.resize(std::max<std::size_t>(at, 1));
      }
    }
    try {
      const NpyLayout layout = layout_of(bytes);
      ++accepted;
      CHECK(layout.data_begin <= bytes.size());
      const std::size_t left = bytes.size() - layout.data_begin;
      CHECK(left / layout.value_bytes / layout.columns == layout.rows);
    } catch (const gpt::io::DataError&) {
    }
  }
  CHECK(accepted > 0);
  CHECK(accepted < 20'000);
}
