#include "apps/gpt-dedup/embedding/vector_pairs.hpp"

#include <algorithm>
#include <optional>

#include "apps/gpt-dedup/embedding/cell_search.hpp"
#include "apps/gpt-dedup/embedding/nearest_cells.hpp"
#include "libcommon/log/progress.hpp"
#include "libcommon/threads/ordered_pipeline.hpp"

namespace gpt::dedup {
namespace {

// Does a table's parts on several threads: make_work() gives a callable of a part's number.
template <class MakeWork, class Take>
void do_parts(const char* what, std::size_t parts, const cli::CommonOptions& common, MakeWork make_work,
              Take take) {
  log::Progress progress(common.progress, what, parts);
  std::uint64_t done = 0;
  const auto next_part = [next = std::size_t{0}, parts]() mutable -> std::optional<std::size_t> {
    return next < parts ? std::optional(next++) : std::nullopt;
  };
  threads::run_ordered_pipeline(common.threads, next_part, make_work, [&](auto&& result) {
    take(result);
    progress.update(++done);
  });
  progress.finish();
}

Cells cells_of(const VectorTable& table, const cli::CommonOptions& common) {
  constexpr std::size_t kRowsOfPart = 256;
  const NearestCells nearest(table);
  std::vector<std::uint32_t> all;
  all.reserve(table.size() * NearestCells::kNearest);
  const auto make_work = [&] {
    return [&](std::size_t&& part) {
      return nearest.find(part * kRowsOfPart, std::min((part + 1) * kRowsOfPart, table.size()));
    };
  };
  do_parts("blocks of vectors placed", (table.size() + kRowsOfPart - 1) / kRowsOfPart, common, make_work,
           [&](const std::vector<std::uint32_t>& some) { all.insert(all.end(), some.begin(), some.end()); });
  return {nearest.size(), NearestCells::kNearest, std::move(all)};
}

VectorSearch search_for(const VectorTable& table, const EmbeddingOptions& options) {
  if (options.search != VectorSearch::automatic) return options.search;
  return nearest_cells_available() && table.size() > kExactVectors ? VectorSearch::faiss
                                                                   : VectorSearch::exact;
}

}  // namespace

VectorPairsFound find_vector_pairs(const VectorTable& table, const EmbeddingOptions& options,
                                   PairsWanted wanted, const cli::CommonOptions& common,
                                   const std::function<void(const std::vector<CosinePair>&)>& take) {
  VectorPairsFound found;
  found.search = search_for(table, options);
  if (found.search == VectorSearch::exact) {
    const auto make_work = [&] {
      return [search = CosineSearch(table, options.cosine, wanted)](std::size_t&& block) mutable {
        return search.pairs_of_block(block);
      };
    };
    do_parts("blocks of vectors", CosineSearch::blocks(table), common, make_work, take);
    const std::uint64_t rows = table.size();
    found.compared_pairs = rows * (rows - (rows > 0 ? 1 : 0)) / 2;
    return found;
  }
  const Cells cells = cells_of(table, common);
  const auto make_work = [&] {
    return [search = CellSearch(table, cells, options.cosine, wanted)](std::size_t&& cell) mutable {
      return search.pairs_of_cell(cell);
    };
  };
  do_parts("cells of vectors", cells.size(), common, make_work, take);
  found.compared_pairs = cells.comparisons();
  return found;
}

}  // namespace gpt::dedup
