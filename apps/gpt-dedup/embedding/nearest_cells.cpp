#include "apps/gpt-dedup/embedding/nearest_cells.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#if GPT_HAVE_FAISS
#include <faiss/IndexHNSW.h>
#include <omp.h>
#endif

namespace gpt::dedup {

bool nearest_cells_available() { return GPT_HAVE_FAISS != 0; }

#if GPT_HAVE_FAISS

namespace {

// Links of a cell in the graph, and how many cells a search keeps in view.
constexpr int kLinks = 12;
constexpr int kView = 24;

// FAISS takes as many threads of OpenMP as the calling thread may start: here none besides itself.
class OneThread {
 public:
  OneThread() { omp_set_num_threads(1); }
  ~OneThread() { omp_set_num_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_ = omp_get_max_threads();
};

// Every kRowsPerCell-th row, none that equals another: of cells around one point only one would have members.
std::vector<std::size_t> centre_rows(const VectorTable& table) {
  const auto compare = [&](std::size_t a, std::size_t b) {
    return std::memcmp(table.row(a).data(), table.row(b).data(), table.dimensions() * sizeof(float));
  };
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < table.size(); row += NearestCells::kRowsPerCell) rows.push_back(row);
  std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) { return compare(a, b) < 0; });
  const auto equal = [&](std::size_t a, std::size_t b) { return compare(a, b) == 0; };
  rows.erase(std::unique(rows.begin(), rows.end(), equal), rows.end());
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace

class NearestCells::Graph {
 public:
  explicit Graph(const VectorTable& table) : index_(static_cast<int>(table.stride()), kLinks) {
    const OneThread one_thread;
    std::vector<float> centres;
    for (const std::size_t row : centre_rows(table)) {
      const float* const begin = table.data() + row * table.stride();
      centres.insert(centres.end(), begin, begin + table.stride());
    }
    index_.hnsw.efSearch = kView;
    if (centres.empty()) return;
    index_.add(static_cast<faiss::Index::idx_t>(centres.size() / table.stride()), centres.data());
  }

  std::size_t size() const { return static_cast<std::size_t>(index_.ntotal); }

  std::vector<std::uint32_t> find(const float* rows, std::size_t count) const {
    const OneThread one_thread;
    std::vector<float> distances(count * kNearest);
    std::vector<faiss::Index::idx_t> labels(count * kNearest);
    index_.search(static_cast<faiss::Index::idx_t>(count), rows, kNearest, distances.data(), labels.data());
    std::vector<std::uint32_t> cells(labels.size());
    std::transform(labels.begin(), labels.end(), cells.begin(), [](faiss::Index::idx_t label) {
      return label < 0 ? kNone : static_cast<std::uint32_t>(label);
    });
    return cells;
  }

 private:
  faiss::IndexHNSWFlat index_;
};

#else

class NearestCells::Graph {
 public:
  explicit Graph(const VectorTable& /*table*/) {
    throw std::runtime_error("built without FAISS (GPT_WITH_FAISS)");
  }
  std::size_t size() const { return 0; }
  std::vector<std::uint32_t> find(const float* /*rows*/, std::size_t /*count*/) const { return {}; }
};

#endif

NearestCells::NearestCells(const VectorTable& table)
    : table_(table), graph_(std::make_unique<Graph>(table)) {}
NearestCells::~NearestCells() = default;

std::size_t NearestCells::size() const { return graph_->size(); }

std::vector<std::uint32_t> NearestCells::find(std::size_t begin, std::size_t end) const {
  return graph_->find(table_.data() + begin * table_.stride(), end - begin);
}

}  // namespace gpt::dedup
