#include "apps/gpt-dedup/embedding/cell_search.hpp"

#include <algorithm>
#include <random>
#include <tuple>

#include <doctest/doctest.h>

#include "apps/gpt-dedup/embedding/nearest_cells.hpp"
#include "apps/gpt-dedup/embedding/vector_pairs.hpp"

using namespace gpt::dedup;

namespace {

// Of every ten rows two are like others before them, one much and one just.
VectorTable table_with_copies(std::size_t rows, std::size_t dimensions) {
  std::mt19937 draw(7);
  std::normal_distribution<float> normal;
  std::vector<std::vector<float>> vectors;
  VectorTable table(dimensions, rows);
  for (std::size_t row = 0; row < rows; ++row) {
    std::vector<float> vector(dimensions);
    for (float& number : vector) number = normal(draw);
    if (row >= 10 && row % 10 < 2) {
      const std::vector<float>& like = vectors[draw() % row];
      const float edit = row % 10 == 0 ? 0.1F : 0.4F;
      for (std::size_t d = 0; d < dimensions; ++d) vector[d] = like[d] + edit * vector[d];
    }
    table.add(vector);
    vectors.push_back(std::move(vector));
  }
  return table;
}

std::vector<CosinePair> sorted(std::vector<CosinePair> pairs) {
  std::sort(pairs.begin(), pairs.end(), [](const CosinePair& a, const CosinePair& b) {
    return std::tie(a.first, a.second) < std::tie(b.first, b.second);
  });
  return pairs;
}

std::vector<CosinePair> pairs_found(const VectorTable& table, VectorSearch search, int threads) {
  EmbeddingOptions options;
  options.search = search;
  gpt::cli::CommonOptions common;
  common.threads = threads;
  std::vector<CosinePair> all;
  find_vector_pairs(table, options, PairsWanted::all, common, [&](const std::vector<CosinePair>& pairs) {
    all.insert(all.end(), pairs.begin(), pairs.end());
  });
  return all;
}

std::vector<CosinePair> pairs_in(const VectorTable& table, const Cells& cells,
                                 PairsWanted wanted = PairsWanted::all) {
  CellSearch search(table, cells, 0.9, wanted);
  std::vector<CosinePair> all;
  for (std::size_t cell = 0; cell < cells.size(); ++cell)
    for (const CosinePair& pair : search.pairs_of_cell(cell)) all.push_back(pair);
  return all;
}

}  // namespace

TEST_CASE("rows that visit every cell meet each other once, with the same cosines as of all pairs") {
  const VectorTable table = table_with_copies(500, 33);
  for (const std::uint32_t count : {1U, 2U, 7U}) {
    std::mt19937 draw(count);
    std::vector<std::uint32_t> nearest;
    for (std::size_t row = 0; row < table.size(); ++row) {
      const std::uint32_t home = draw() % count;
      for (std::uint32_t place = 0; place < count; ++place) nearest.push_back((home + place) % count);
    }
    const Cells cells(count, count, nearest);
    const auto exact = pairs_found(table, VectorSearch::exact, 1);
    CHECK(exact.size() >= 90);
    CHECK(sorted(pairs_in(table, cells)) == sorted(exact));
    for (const CosinePair& pair : exact) CHECK(cosine_of_rows(table, pair.second, pair.first) == pair.cosine);
  }
}

TEST_CASE("cells: members, visitors, and rows that are near to none") {
  const std::uint32_t none = NearestCells::kNone;
  const Cells cells(3, 2, {0, 1, 1, none, 1, 0, none, none});
  CHECK(std::ranges::equal(cells.members(0), std::vector<std::uint32_t>{0}));
  CHECK(std::ranges::equal(cells.members(1), std::vector<std::uint32_t>{1, 2}));
  CHECK(cells.members(2).empty());
  CHECK(std::ranges::equal(cells.visitors(0), std::vector<std::uint32_t>{2}));
  CHECK(std::ranges::equal(cells.visitors(1), std::vector<std::uint32_t>{0}));
  CHECK(cells.is_near(2, 0));
  CHECK_FALSE(cells.is_near(1, 0));
  CHECK(cells.comparisons() == 1 + 1 + 2);

  VectorTable table(2, 4);
  for (int i = 0; i < 4; ++i) table.add(std::vector<float>{1, 1});
  CHECK(pairs_in(table, cells).size() == 3);  // the last row is in no cell
  CHECK(pairs_in(table, cells, PairsWanted::connecting).size() == 2);
}

TEST_CASE("the graph's cells leave few pairs out, add none, and are the same on any number of threads") {
  if (!nearest_cells_available()) {
    MESSAGE("SKIPPED: built without FAISS (GPT_WITH_FAISS), so the graph of cells is not tested");
    return;
  }
  const VectorTable table = table_with_copies(12'000, 64);
  const auto exact = sorted(pairs_found(table, VectorSearch::exact, 1));
  const auto found = pairs_found(table, VectorSearch::faiss, 1);
  CHECK(pairs_found(table, VectorSearch::faiss, 3) == found);
  const auto by_place = [](const CosinePair& a, const CosinePair& b) {
    return std::tie(a.first, a.second) < std::tie(b.first, b.second);
  };
  const auto ordered = sorted(found);
  CHECK(std::includes(exact.begin(), exact.end(), ordered.begin(), ordered.end(), by_place));
  for (const CosinePair& pair : found) {
    CHECK(pair.cosine == cosine_of_rows(table, pair.first, pair.second));
    CHECK(pair.cosine >= 0.9F);
  }
  REQUIRE(exact.size() >= 2000);
  const double recall = static_cast<double>(found.size()) / static_cast<double>(exact.size());
  MESSAGE("recall ", recall, " of ", exact.size(), " pairs");
  CHECK(recall >= 0.97);
}

TEST_CASE("tables of few rows, of equal rows and of none have cells as well") {
  if (!nearest_cells_available()) return;
  CHECK(pairs_found(VectorTable(3, 0), VectorSearch::faiss, 1).empty());
  VectorTable equal(4, 1000);
  for (int i = 0; i < 1000; ++i) equal.add(std::vector<float>{1, 2, 3, 4});
  CHECK(NearestCells(equal).size() == 1);
  CHECK(pairs_found(equal, VectorSearch::faiss, 2).size() == 1000 * 999 / 2);
  CHECK(pairs_found(table_with_copies(5, 9), VectorSearch::faiss, 1).size() ==
        pairs_found(table_with_copies(5, 9), VectorSearch::exact, 1).size());
}

TEST_CASE("a build without FAISS says so") {
  if (nearest_cells_available()) return;
  CHECK_THROWS_WITH_AS(NearestCells(VectorTable(3, 0)), doctest::Contains("GPT_WITH_FAISS"),
                       std::runtime_error);
}
