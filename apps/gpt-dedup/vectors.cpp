#include "apps/gpt-dedup/vectors.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace gpt::dedup {
namespace {

constexpr std::size_t kLanes = 8;
using Lanes = float __attribute__((vector_size(4 * kLanes), aligned(4), may_alias));

// Rows of a block: 64 of 512 numbers fill half of a second cache of 256 KiB.
constexpr std::size_t kBlock = 64;
// Rows compared with kRight others at once: their sums stay in registers.
constexpr std::size_t kLeft = 4;
constexpr std::size_t kRight = 2;

// Sanitizers cannot run the resolvers that choose among clones at load time.
#if defined(__x86_64__) && !defined(GPT_SANITIZED)
#define GPT_FLOAT_CLONES [[gnu::target_clones("avx512f", "fma", "default")]]
#else
#define GPT_FLOAT_CLONES
#endif

// products[l * kRight + r]: the product of row l of left and row r of right. length: a multiple of kLanes.
GPT_FLOAT_CLONES
void dot_products(const float* left, const float* right, std::size_t stride, float* products) {
  Lanes sums[kLeft * kRight] = {};
  for (std::size_t at = 0; at < stride; at += kLanes) {
    Lanes l[kLeft];
    for (std::size_t i = 0; i < kLeft; ++i) l[i] = *reinterpret_cast<const Lanes*>(left + i * stride + at);
    for (std::size_t j = 0; j < kRight; ++j) {
      const Lanes r = *reinterpret_cast<const Lanes*>(right + j * stride + at);
      for (std::size_t i = 0; i < kLeft; ++i) sums[i * kRight + j] += l[i] * r;
    }
  }
  for (std::size_t k = 0; k < kLeft * kRight; ++k) {
    float sum = 0;
    for (std::size_t lane = 0; lane < kLanes; ++lane) sum += sums[k][lane];
    products[k] = sum;
  }
}

}  // namespace

VectorTable::VectorTable(std::size_t dimensions, std::size_t rows)
    : dimensions_(dimensions), stride_((dimensions + kLanes - 1) / kLanes * kLanes) {
  values_.reserve((rows + kLeft) * stride_);
}

void VectorTable::add(std::span<const float> vector) {
  double squares = 0;
  for (const float value : vector) squares += double{value} * value;
  const double scale = squares > 0 && std::isfinite(squares) ? 1 / std::sqrt(squares) : 0;
  // Whole groups of rows lie in memory, so that a kernel may read them.
  const std::size_t rows = (size_ + 1 + kLeft - 1) / kLeft * kLeft;
  values_.resize(rows * stride_);
  float* const row = values_.data() + size_ * stride_;
  if (scale > 0)
    for (std::size_t i = 0; i < dimensions_; ++i) row[i] = static_cast<float>(vector[i] * scale);
  ++size_;
}

CosineSearch::CosineSearch(const VectorTable& table, double least, PairsWanted wanted)
    : table_(table), least_(static_cast<float>(least)), wanted_(wanted) {
  if (table.size() > 0xFFFFFFFF) throw std::length_error("more than 4,294,967,295 vectors");
  if (wanted == PairsWanted::all) return;
  parents_.resize(table.size());
  std::iota(parents_.begin(), parents_.end(), 0U);
}

std::size_t CosineSearch::blocks(const VectorTable& table) { return (table.size() + kBlock - 1) / kBlock; }

std::uint32_t CosineSearch::root_of(std::uint32_t row) {
  while (parents_[row] != row) {
    parents_[row] = parents_[parents_[row]];
    row = parents_[row];
  }
  return row;
}

void CosineSearch::enter(std::size_t first, std::size_t second, float cosine, std::vector<CosinePair>& out) {
  if (first >= second || second >= table_.size() || cosine < least_) return;
  const CosinePair pair{static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(second), cosine};
  if (wanted_ == PairsWanted::connecting) {
    const std::uint32_t a = root_of(pair.first);
    const std::uint32_t b = root_of(pair.second);
    if (a == b) return;
    parents_[std::max(a, b)] = std::min(a, b);
  }
  out.push_back(pair);
}

std::vector<CosinePair> CosineSearch::pairs_of_block(std::size_t block) {
  std::vector<CosinePair> out;
  const std::size_t stride = table_.stride();
  const float* const data = table_.data();
  const std::size_t begin = block * kBlock;
  const std::size_t end = std::min(begin + kBlock, table_.size());
  float products[kLeft * kRight];
  for (std::size_t other = 0; other < end; other += kBlock) {
    const std::size_t other_end = std::min({other + kBlock, end});
    for (std::size_t second = begin; second < end; second += kLeft)
      for (std::size_t first = other; first < other_end && first < second + kLeft; first += kRight) {
        dot_products(data + second * stride, data + first * stride, stride, products);
        for (std::size_t k = 0; k < kLeft * kRight; ++k)
          enter(first + k % kRight, second + k / kRight, products[k], out);
      }
  }
  if (wanted_ == PairsWanted::all)
    std::sort(out.begin(), out.end(), [](const CosinePair& a, const CosinePair& b) {
      return a.second != b.second ? a.second < b.second : a.first < b.first;
    });
  return out;
}

}  // namespace gpt::dedup
