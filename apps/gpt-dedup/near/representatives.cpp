#include "apps/gpt-dedup/near/representatives.hpp"

#include <algorithm>

#include "apps/gpt-dedup/near/minhash.hpp"
#include "apps/gpt-dedup/near/minhash_options.hpp"
#include "apps/gpt-dedup/vector_clones.hpp"

namespace gpt::dedup {
namespace {

// Bytes compared at once.
constexpr std::size_t kLanes = 32;
using Lanes = std::uint8_t __attribute__((vector_size(kLanes), aligned(1), may_alias));
using Words = std::uint64_t __attribute__((vector_size(kLanes)));
// A lane counts up to 255.
static_assert(kMostSeeds / kLanes < 255);

// Of each of `count` rows of a table, the bytes that are those of `asked`; rows of `stride` bytes.
GPT_CLONES_FOR("avx2", "default")
void count_equal_bytes(const std::uint8_t* asked, const std::uint8_t* table, std::size_t stride,
                       std::size_t count, std::uint32_t* equal) {
  for (std::size_t row = 0; row < count; ++row) {
    Lanes sums = {};
    for (std::size_t at = 0; at < stride; at += kLanes)
      sums -= reinterpret_cast<Lanes>(*reinterpret_cast<const Lanes*>(asked + at) ==
                                      *reinterpret_cast<const Lanes*>(table + row * stride + at));
    const auto words = reinterpret_cast<Words>(sums);
    std::uint64_t pairs = 0;  // four sums of 16 bits
    for (std::size_t i = 0; i < kLanes / 8; ++i)
      pairs += (words[i] & 0x00FF00FF00FF00FF) + ((words[i] >> 8U) & 0x00FF00FF00FF00FF);
    equal[row] = static_cast<std::uint32_t>((pairs * 0x0001000100010001) >> 48U);
  }
}

}  // namespace

Representatives::Representatives(const Signatures& signatures, std::size_t seeds)
    : signatures_(signatures), seeds_(seeds), stride_((seeds + kLanes - 1) / kLanes * kLanes) {}

// What is beyond the seeds is left as it is.
void Representatives::copy_bytes(Row row, std::uint8_t* bytes) const {
  const auto signature = signatures_.signature(row);
  for (std::size_t k = 0; k < seeds_; ++k) bytes[k] = static_cast<std::uint8_t>(signature[k]);
}

std::vector<Representatives::Candidate> Representatives::closest(Row row, std::size_t most) {
  asked_.resize(stride_, 1);  // beyond the seeds unlike the 0 of bytes_
  copy_bytes(row, asked_.data());
  bounds_.resize(kMost);
  count_equal_bytes(asked_.data(), bytes_.data(), stride_, order_.size(), bounds_.data());
  const auto signature = signatures_.signature(row);
  std::vector<Candidate> best;
  for (std::size_t position = 0; position < order_.size(); ++position) {
    const Entry& entry = order_[position];
    if (best.size() == most && bounds_[entry.slot] <= best.back().agreeing) continue;
    const std::size_t agreeing = agreeing_seeds(signatures_.signature(entry.row), signature);
    if (best.size() == most && agreeing <= best.back().agreeing) continue;
    if (best.size() == most) best.pop_back();
    const auto after = std::find_if(
        best.begin(), best.end(), [&](const Candidate& candidate) { return candidate.agreeing < agreeing; });
    best.insert(after, {entry.row, agreeing, position});
  }
  return best;
}

void Representatives::add(Row row) {
  std::size_t slot = order_.size();
  if (order_.size() == kMost) {
    slot = order_.back().slot;
    order_.pop_back();
  }
  if (bytes_.size() < (slot + 1) * stride_) bytes_.resize((slot + 1) * stride_);
  copy_bytes(row, bytes_.data() + slot * stride_);
  order_.insert(order_.begin(), {row, slot});
}

void Representatives::grew(std::size_t position) {
  const auto begin = order_.begin();
  const auto at = begin + static_cast<std::ptrdiff_t>(position);
  std::rotate(begin, at, at + 1);
}

}  // namespace gpt::dedup
