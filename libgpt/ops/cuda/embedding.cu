#include "libgpt/ops/cuda/elementwise.hpp"
#include "libgpt/ops/cuda/reduce.hpp"
#include "libgpt/ops/embedding.hpp"
#include "libgpt/ops/embedding_check.hpp"

namespace gpt::ops {
namespace {

using namespace gpt::ops::cuda;
using tensor::raw;

// The two tables' rows of a batch. Moves three times the output: two rows are read, one written.
template <class V>
struct Embedding {
  const std::int32_t *tokens, *positions;
  const V *token_table, *position_table;  // the second may be null
  V* y;
  i64 hidden, vocabulary, first_token;

  template <int Width>
  struct Loaded {
    Floats<Width> sum;
  };
  template <int Width>
  __device__ Loaded<Width> load(i64 at) const {
    const i64 column = column_of<Width>(at, hidden);
    const i64 row =
        Width == 1 ? at / hidden : static_cast<u32>(at / Width) / static_cast<u32>(hidden / Width);
    const i64 token = tokens[row] - first_token;
    Loaded<Width> loaded{};
    if (token >= 0 && token < vocabulary)
      loaded.sum = load_floats<V, Width>(token_table + token * hidden + column);
    if (position_table != nullptr) {
      const auto add = load_floats<V, Width>(position_table + i64{positions[row]} * hidden + column);
#pragma unroll
      for (int i = 0; i < Width; ++i) loaded.sum.at[i] += add.at[i];
    }
    return loaded;
  }
  template <int Width>
  __device__ void finish(i64 at, const Loaded<Width>& loaded) const {
    store_floats<V, Width>(y + at, loaded.sum);
  }
};

// The gradient of one table: rows of dy in `order`, in which those of one id lie together, are added to the
// table's row of that id. Each run of equal ids is summed by one warp, or by one block where it is long, in
// an order that depends on the run alone. Reads dy once, and reads and writes each row of the table that is
// met.
template <class V>
struct TableGradient {
  const V* dy;
  const std::int32_t *ids, *order;
  float* table;
  i64 rows, hidden, table_rows, first_id;
};

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / kWarp;
constexpr i64 kLongRun = kWarp;  // rows beyond which a run is a block's
constexpr int kAhead = 4;        // rows of dy that are under way together

// sum += rows order[first + step * i] of dy at this column, i < count.
template <class V, int Width>
__device__ __forceinline__ void add_rows(const TableGradient<V>& p, i64 first, i64 step, i64 count,
                                         i64 column, Floats<Width>& sum) {
  for (i64 i = 0; i < count; i += kAhead) {
    Pack<V, Width> loaded[kAhead];
#pragma unroll
    for (int k = 0; k < kAhead; ++k) {
      if (i + k < count)
        loaded[k] = load<V, Width>(p.dy + i64{p.order[first + step * (i + k)]} * p.hidden + column);
    }
#pragma unroll
    for (int k = 0; k < kAhead; ++k) {
      if (i + k >= count) continue;
      const Floats<Width> x = floats<V, Width>(loaded[k]);
#pragma unroll
      for (int e = 0; e < Width; ++e) sum.at[e] += x.at[e];
    }
  }
}

template <int Width>
__device__ __forceinline__ void add_to(float* row, const Floats<Width>& sum) {
  Floats<Width> total = load_floats<float, Width>(row);
#pragma unroll
  for (int e = 0; e < Width; ++e) total.at[e] += sum.at[e];
  store_floats<float, Width>(row, total);
}

// The table's row of place i of the order, or -1 where the table does not hold it.
template <class V>
__device__ __forceinline__ i64 table_row(const TableGradient<V>& p, i64 i) {
  const i64 row = p.ids[p.order[i]] - p.first_id;
  return row >= 0 && row < p.table_rows ? row : -1;
}

// One warp for each place in the order: it works where a run of at most kLongRun begins.
template <class V, int Width>
__global__ void __launch_bounds__(kThreads, 5) short_runs(TableGradient<V> p) {
  const i64 first = static_cast<i64>(blockIdx.x) * kWarps + warp_index();
  if (first >= p.rows) return;
  // All that decides is read together: most warps do no more.
  const std::int32_t id = p.ids[p.order[first]];
  const std::int32_t before = p.ids[p.order[first > 0 ? first - 1 : 0]];
  const i64 seen = first + 1 + lane_index();
  const std::int32_t after = p.ids[p.order[seen < p.rows ? seen : first]];
  const unsigned others = __ballot_sync(kAllLanes, seen >= p.rows || after != id);
  const bool begins = first == 0 || before != id;
  const i64 row = table_row(p, first);
  if (!begins || row < 0 || others == 0) return;  // no others: more than kLongRun
  for (i64 column = lane_index() * Width; column < p.hidden; column += kWarp * Width) {
    Floats<Width> sum{};
    add_rows(p, first, 1, __ffs(static_cast<int>(others)), column, sum);
    add_to(p.table + row * p.hidden + column, sum);
  }
}

// One block for each kLongRun places of the order (blockIdx.x) and stretch of columns (blockIdx.y): it works
// where its place is the first such one in a run longer than kLongRun. Every such run has one.
template <class V, int Width>
__global__ void __launch_bounds__(kThreads, 4) long_runs(TableGradient<V> p) {
  const i64 place = static_cast<i64>(blockIdx.x) * kLongRun;
  const std::int32_t id = p.ids[p.order[place]];
  if (place > 0 && p.ids[p.order[place - kLongRun]] == id) return;
  const i64 row = table_row(p, place);
  if (row < 0) return;
  // The run begins fewer than kLongRun places before, and goes on as far as its id does.
  const i64 before = place - 1 - static_cast<i64>(threadIdx.x);
  const bool earlier = threadIdx.x < kLongRun && before >= 0 && p.ids[p.order[before]] == id;
  const i64 begin = place - __syncthreads_count(earlier);
  i64 end = place;
  for (int found = kThreads; found == kThreads; end += found) {
    const i64 at = end + static_cast<i64>(threadIdx.x);
    found = __syncthreads_count(at < p.rows && p.ids[p.order[at]] == id);
  }
  if (end - begin <= kLongRun) return;

  const i64 column = (static_cast<i64>(blockIdx.y) * kWarp + lane_index()) * Width;
  Floats<Width> sum{};
  const i64 mine = begin + warp_index();
  if (column < p.hidden && mine < end)
    add_rows(p, mine, kWarps, (end - mine + kWarps - 1) / kWarps, column, sum);
  GPT_SHARED(float[kWarps][kWarp * 8], sums);
#pragma unroll
  for (int e = 0; e < Width; ++e) sums[warp_index()][e * kWarp + lane_index()] = sum.at[e];
  __syncthreads();
  if (warp_index() != 0 || column >= p.hidden) return;
  for (int warp = 1; warp < kWarps; ++warp) {
#pragma unroll
    for (int e = 0; e < Width; ++e) sum.at[e] += sums[warp][e * kWarp + lane_index()];
  }
  add_to(p.table + row * p.hidden + column, sum);
}

template <class V>
void add_table_gradient(const TableGradient<V>& p) {
  with_width<kPack<V>>(p.hidden % kPack<V> == 0 && aligned_for_packs(p.dy, p.table), [&](auto width) {
    const tensor::Stream stream = tensor::compute_stream();
    tensor::launch(short_runs<V, width()>, blocks_for(p.rows, kWarps), kThreads, 0, stream, p);
    const dim3 grid(static_cast<unsigned>(blocks_for(p.rows, kLongRun)),
                    static_cast<unsigned>(blocks_for(p.hidden, i64{kWarp} * width())));
    tensor::launch(long_runs<V, width()>, grid, kThreads, 0, stream, p);
  });
}

}  // namespace

template <class T>
void embedding_forward(const EmbeddingShape& s, const EmbeddingRows<T>& rows, std::span<const T> token_table,
                       std::span<const T> position_table, std::span<T> y) {
  check_embedding(s, rows.tokens.size(), rows.positions.size(), y.size(), token_table.size(),
                  position_table.size());
  using V = tensor::ValueOf<T>;
  const Embedding<V> op{raw(rows.tokens), raw(rows.positions), raw(token_table), raw(position_table), raw(y),
                        s.hidden,         s.vocabulary,        s.first_token};
  const bool packs = s.hidden % kPack<V> == 0 && aligned_for_packs(op.token_table, op.position_table, op.y);
  with_width<kPack<V>>(packs, [&](auto width) { launch_elementwise<width(), 1>(op, s.rows * s.hidden); });
}

template <class T>
void embedding_backward(const EmbeddingShape& s, const EmbeddingRows<T>& rows, std::span<const T> dy,
                        std::span<tensor::SumOf<T>> d_token_table,
                        std::span<tensor::SumOf<T>> d_position_table) {
  check_embedding(s, rows.tokens.size(), rows.positions.size(), dy.size(), d_token_table.size(),
                  d_position_table.size());
  check_elements("embedding", "position table", d_position_table.size(), s.positions, s.hidden);
  check_elements("embedding", "rows by token", rows.by_token.size(), s.rows);
  check_elements("embedding", "rows by position", rows.by_position.size(), s.rows);
  using V = tensor::ValueOf<T>;
  add_table_gradient(TableGradient<V>{raw(dy), raw(rows.tokens), raw(rows.by_token), raw(d_token_table),
                                      s.rows, s.hidden, s.vocabulary, s.first_token});
  add_table_gradient(TableGradient<V>{raw(dy), raw(rows.positions), raw(rows.by_position),
                                      raw(d_position_table), s.rows, s.hidden, s.positions, 0});
}

#define GPT_INSTANTIATE(T)                                                                                \
  template void embedding_forward<T>(const EmbeddingShape&, const EmbeddingRows<T>&, std::span<const T>,  \
                                     std::span<const T>, std::span<T>);                                   \
  template void embedding_backward<T>(const EmbeddingShape&, const EmbeddingRows<T>&, std::span<const T>, \
                                      std::span<tensor::SumOf<T>>, std::span<tensor::SumOf<T>>);
GPT_INSTANTIATE(tensor::DeviceF32)
GPT_INSTANTIATE(tensor::DeviceBf16)
GPT_INSTANTIATE(tensor::DeviceF16)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
