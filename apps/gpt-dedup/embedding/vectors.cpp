#include "apps/gpt-dedup/embedding/vectors.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "apps/gpt-dedup/embedding/dot_products.hpp"

namespace gpt::dedup {
namespace {

// Rows of a block: 64 of 512 numbers fill half of a second cache of 256 KiB.
constexpr std::size_t kBlock = 64;

}  // namespace

VectorTable::VectorTable(std::size_t dimensions, std::size_t rows)
    : dimensions_(dimensions), stride_((dimensions + kLanes - 1) / kLanes * kLanes) {
  values_.reserve((rows + kLeftRows) * stride_);
}

void VectorTable::add(std::span<const float> vector) {
  double squares = 0;
  for (const float value : vector) squares += double{value} * value;
  assert(std::isfinite(squares));  // floats' squares do not overflow
  const double scale = squares > 0 ? 1 / std::sqrt(squares) : 0;
  // Whole groups of rows lie in memory, so that a kernel may read them.
  const std::size_t rows = (size_ + 1 + kLeftRows - 1) / kLeftRows * kLeftRows;
  values_.resize(rows * stride_);
  float* const row = values_.data() + size_ * stride_;
  if (scale > 0)
    for (std::size_t i = 0; i < dimensions_; ++i) row[i] = static_cast<float>(vector[i] * scale);
  ++size_;
}

float cosine_of_rows(const VectorTable& table, std::size_t a, std::size_t b) {
  // The groups of rows that they stand in.
  const float* const left = table.data() + a / kLeftRows * kLeftRows * table.stride();
  const float* const right = table.data() + b / kRightRows * kRightRows * table.stride();
  float products[kLeftRows * kRightRows];
  dot_products(left, right, table.stride(), products);
  return products[a % kLeftRows * kRightRows + b % kRightRows];
}

CosinePairs::CosinePairs(std::size_t rows, double least, PairsWanted wanted)
    : least_(static_cast<float>(std::min(least, kMostTelling))), wanted_(wanted) {
  if (rows > 0xFFFFFFFF) throw std::length_error("more than 4,294,967,295 vectors");
  if (wanted == PairsWanted::all) return;
  parents_.resize(rows);
  std::iota(parents_.begin(), parents_.end(), 0U);
}

std::uint32_t CosinePairs::root_of(std::uint32_t row) {
  while (parents_[row] != row) {
    parents_[row] = parents_[parents_[row]];
    row = parents_[row];
  }
  return row;
}

void CosinePairs::add_if_like(std::size_t first, std::size_t second, float cosine) {
  if (!is_like(cosine)) return;
  const CosinePair pair{static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(second), cosine};
  if (wanted_ == PairsWanted::connecting) {
    const std::uint32_t a = root_of(pair.first);
    const std::uint32_t b = root_of(pair.second);
    if (a == b) return;
    parents_[std::max(a, b)] = std::min(a, b);
  }
  pairs_.push_back(pair);
}

std::vector<CosinePair> CosinePairs::take() {
  if (wanted_ == PairsWanted::all)
    std::sort(pairs_.begin(), pairs_.end(), [](const CosinePair& a, const CosinePair& b) {
      return a.second != b.second ? a.second < b.second : a.first < b.first;
    });
  return std::exchange(pairs_, {});
}

CosineSearch::CosineSearch(const VectorTable& table, double least, PairsWanted wanted)
    : table_(table), found_(table.size(), least, wanted) {}

std::size_t CosineSearch::blocks(const VectorTable& table) { return (table.size() + kBlock - 1) / kBlock; }

void CosineSearch::enter(std::size_t first, std::size_t second, float cosine) {
  if (first < second && second < table_.size()) found_.add_if_like(first, second, cosine);
}

std::vector<CosinePair> CosineSearch::pairs_of_block(std::size_t block) {
  const std::size_t stride = table_.stride();
  const float* const data = table_.data();
  const std::size_t begin = block * kBlock;
  const std::size_t end = std::min(begin + kBlock, table_.size());
  float products[kLeftRows * kRightRows];
  for (std::size_t other = 0; other < end; other += kBlock) {
    const std::size_t other_end = std::min({other + kBlock, end});
    for (std::size_t second = begin; second < end; second += kLeftRows)
      for (std::size_t first = other; first < other_end && first < second + kLeftRows; first += kRightRows) {
        dot_products(data + second * stride, data + first * stride, stride, products);
        for (std::size_t k = 0; k < kLeftRows * kRightRows; ++k)
          enter(first + k % kRightRows, second + k / kRightRows, products[k]);
      }
  }
  return found_.take();
}

}  // namespace gpt::dedup
