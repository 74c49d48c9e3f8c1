#include "libgpt/ops/cached_attention.hpp"

#include "libgpt/ops/shape_error.hpp"
#include "tests/support/cuda_on_cpu/device.hpp"
#include "tests/support/cuda_on_cpu/schedule.hpp"
#include "tests/unit/libgpt/ops/cuda/attention_on_device.hpp"

using namespace gpt;
using namespace gpt::attention_check;
using tensor::DeviceBf16;
using tensor::DeviceF16;
using tensor::DeviceF32;

namespace {

// New tokens of a slot, from a position on.
struct NewTokens {
  std::int32_t slot, first, count;
};

struct Model {
  std::int64_t slots, heads, capacity, head_size;

  std::size_t cache_size() const { return static_cast<std::size_t>(slots * heads * capacity * head_size); }
};

// What a generation does: appends rows to a cache, attends to it, and again.
template <class T>
class Generation {
 public:
  explicit Generation(const Model& model)
      : model_(model),
        // What is not in the cache yet is no number, and must not be read.
        keys_(on_device<T>(std::vector<float>(model.cache_size(), NAN))),
        values_(on_device<T>(std::vector<float>(model.cache_size(), NAN))) {}

  std::vector<float> step(const std::vector<NewTokens>& tokens, unsigned seed) {
    std::vector<std::int32_t> slots, positions;
    ops::CachedAttentionShape s{0, model_.slots, model_.heads, model_.capacity, model_.head_size, 0, 0};
    for (const NewTokens& of_slot : tokens) {
      for (std::int32_t i = 0; i < of_slot.count; ++i) {
        slots.push_back(of_slot.slot);
        positions.push_back(of_slot.first + i);
      }
      s.most_rows = std::max<std::int64_t>(s.most_rows, of_slot.count);
      s.most_keys = std::max<std::int64_t>(s.most_keys, of_slot.first + of_slot.count);
    }
    s.rows = static_cast<std::int64_t>(slots.size());
    const auto d_slots = beside<T>(slots);
    const auto d_positions = beside<T>(positions);
    const ops::CacheRows<T> rows{d_slots.span(), d_positions.span()};
    // Numbers that every element type has.
    const auto qkv = on_device<T>(rounded<ValueOf<DeviceF16>>(rounded<ValueOf<DeviceBf16>>(
        op_check::random_values<float>(static_cast<std::size_t>(s.rows * s.qkv_width()), seed))));
    auto out = on_device<T>(std::vector<float>(static_cast<std::size_t>(s.rows * s.out_width()), NAN));
    ops::append_to_cache<T>(s, rows, qkv.span(), keys_.span(), values_.span());
    ops::cached_attention<T>(s, rows, qkv.span(), keys_.span(), values_.span(), out.span());
    return on_host<T>(out);
  }

  std::vector<float> cache() const {
    std::vector<float> both = on_host<T>(keys_);
    const std::vector<float> values = on_host<T>(values_);
    both.insert(both.end(), values.begin(), values.end());
    return both;
  }

 private:
  Model model_;
  tensor::AlignedBuffer<T> keys_, values_;
};

using Steps = std::vector<std::vector<NewTokens>>;

// Two prompts, single tokens, the end of one beside the beginning of another, single tokens at last.
const Steps kGeneration = {{{2, 0, 70}, {0, 0, 17}},
                           {{0, 17, 1}, {2, 70, 1}},
                           {{0, 18, 40}, {1, 0, 3}, {2, 71, 1}},
                           {{2, 72, 1}, {1, 3, 1}, {0, 58, 1}}};

template <class T>
void check_generation(const Model& model, const Steps& steps) {
  CAPTURE(model.head_size);
  Generation<float> wanted(model);
  Generation<T> seen(model);
  unsigned seed = 1;
  for (const auto& step : steps) {
    CAPTURE(seed);
    const auto wanted_out = wanted.step(step, seed);
    check_numbers("out", seen.step(step, seed), wanted_out, Precision<T>::kWorst, Precision<T>::kTypical);
    ++seed;
  }
  const std::vector<float> wanted_cache = wanted.cache(), seen_cache = seen.cache();
  std::size_t different = 0;
  for (std::size_t i = 0; i < wanted_cache.size(); ++i) {
    different += std::isnan(wanted_cache[i]) != std::isnan(seen_cache[i]) ||
                 (!std::isnan(wanted_cache[i]) && wanted_cache[i] != seen_cache[i]);
  }
  CHECK(different == 0);
}

}  // namespace

TEST_CASE_TEMPLATE("attention to a cache on the device is that on the CPU", T, DeviceF32, DeviceBf16,
                   DeviceF16) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const std::int64_t head_size : {64, 20, 80, 128}) {
    check_generation<T>({3, 2, 80, head_size}, kGeneration);
  }
  for (const std::int64_t head_size : {8, 96, 256})
    check_generation<T>({3, 1, 75, head_size}, {kGeneration[0], kGeneration[1]});
}

TEST_CASE_TEMPLATE("the keys of a long text are split among blocks", T, DeviceF32, DeviceBf16, DeviceF16) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  check_generation<T>({2, 1, 500, 32},
                      {{{1, 0, 400}}, {{1, 400, 1}}, {{1, 401, 9}}, {{0, 0, 1}, {1, 410, 1}}});
}

TEST_CASE_TEMPLATE("attention to a cache gives the same bits again, in whatever order threads run", T,
                   DeviceF32, DeviceBf16, DeviceF16) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  const auto outs = [] {
    Generation<T> generation({3, 1, 200, 64});
    std::vector<std::vector<float>> all;
    for (const auto& step : Steps{{{2, 0, 150}, {0, 0, 17}}, {{0, 17, 1}, {2, 150, 1}}}) {
      all.push_back(generation.step(step, 5));
    }
    return all;
  };
  const auto once = outs();
  for (const std::uint64_t seed : {1, 2, 3}) {
    const cuda_on_cpu::ScopedSchedule schedule({seed});
    CHECK(outs() == once);
  }
}

TEST_CASE("a cache of another size is refused") {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  const ops::CachedAttentionShape s{1, 1, 1, 4, 8, 1, 1};
  const auto at = beside<DeviceBf16>(std::vector<std::int32_t>{0});
  const ops::CacheRows<DeviceBf16> rows{at.span(), at.span()};
  const auto qkv = on_device<DeviceBf16>(std::vector<float>(24));
  auto keys = on_device<DeviceBf16>(std::vector<float>(32)),
       values = on_device<DeviceBf16>(std::vector<float>(31));
  CHECK_THROWS_AS(ops::append_to_cache<DeviceBf16>(s, rows, qkv.span(), keys.span(), values.span()),
                  ops::ShapeError);
}
