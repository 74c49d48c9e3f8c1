#include "libgpt/ops/embedding.hpp"

#include <numeric>

#include "libgpt/ops/shape_error.hpp"
#include "tests/unit/libgpt/ops/cuda/device_check.hpp"

using namespace gpt;
using device_check::on_device;
using device_check::random_values;
using tensor::DeviceF32;

namespace {

using Indices = std::vector<std::int32_t>;

struct Batch {
  ops::EmbeddingShape shape;
  Indices tokens, positions;
  std::size_t offset = 0;
};

// Rows in the order of their ids, those of one id in that of the batch.
Indices order_by(const Indices& ids) {
  Indices order(ids.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
    return ids[static_cast<std::size_t>(a)] < ids[static_cast<std::size_t>(b)];
  });
  return order;
}

Indices counted(std::int64_t rows, std::int64_t length) {
  Indices positions(static_cast<std::size_t>(rows));
  for (std::size_t i = 0; i < positions.size(); ++i)
    positions[i] = static_cast<std::int32_t>(static_cast<std::int64_t>(i) % length);
  return positions;
}

// Rows of which each token appears `lengths[token]` times, shuffled: runs that a warp sums, and such that a
// block does.
Batch with_runs(const std::vector<int>& lengths, std::int64_t hidden, std::size_t offset) {
  Batch batch;
  for (std::size_t token = 0; token < lengths.size(); ++token)
    batch.tokens.insert(batch.tokens.end(), static_cast<std::size_t>(lengths[token]),
                        static_cast<std::int32_t>(token));
  std::shuffle(batch.tokens.begin(), batch.tokens.end(), std::mt19937(7));
  const std::int64_t rows = std::ssize(batch.tokens);
  batch.positions = counted(rows, 50);
  batch.shape = {rows, hidden, std::ssize(lengths), 50};
  batch.offset = offset;
  return batch;
}

std::vector<Batch> batches() {
  std::vector<Batch> all = {{{1, 1, 1, 1}, {0}, {0}},
                            {{5, 7, 11, 5}, {3, 10, 3, 0, 3}, {0, 1, 2, 3, 4}},
                            {{33, 64, 50, 16}, device_check::random_indices(33, 1, 50), counted(33, 16)},
                            {{6, 776, 50, 16}, device_check::random_indices(6, 2, 50), counted(6, 16)}};
  all.push_back({{6, 64, 50, 16}, device_check::random_indices(6, 3, 50), counted(6, 16), 1});
  // a part of the vocabulary: tokens before and after it
  all.push_back({{64, 72, 20, 16, 15}, device_check::random_indices(64, 4, 50), counted(64, 16)});
  all.push_back(with_runs({1, 31, 32, 33, 0, 63, 64, 65, 200}, 40, 0));
  all.push_back(with_runs({400}, 264, 0));
  all.push_back(with_runs({3, 34, 90}, 35, 3));
  return all;
}

template <class T>
struct DeviceRows {
  using Array = device_check::OnDevice<tensor::OnDevice<std::int32_t>>;
  Array tokens, positions, by_token, by_position;

  explicit DeviceRows(const Batch& batch)
      : tokens(batch.tokens),
        positions(batch.positions),
        by_token(order_by(batch.tokens)),
        by_position(order_by(batch.positions)) {}
  ops::EmbeddingRows<T> rows() const {
    return {tokens.span(), positions.span(), by_token.span(), by_position.span()};
  }
};

}  // namespace

TEST_CASE_TEMPLATE("the embedding on the device is the CPU's", T, GPT_DEVICE_TYPES) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const Batch& batch : batches()) {
    const ops::EmbeddingShape& s = batch.shape;
    CAPTURE(s.rows);
    CAPTURE(s.hidden);
    const auto tokens = random_values<T>(s.vocabulary * s.hidden, 5),
               positions = random_values<T>(s.positions * s.hidden, 6);
    const DeviceRows<T> on(batch);
    const auto on_tokens = on_device<T>(tokens, batch.offset),
               on_positions = on_device<T>(positions, batch.offset);
    std::vector<double> wanted(static_cast<std::size_t>(s.rows * s.hidden));
    auto y = device_check::zeros<T>(wanted.size(), batch.offset);
    ops::embedding_forward<double>(s, {batch.tokens, batch.positions, {}, {}}, tokens, positions, wanted);
    ops::embedding_forward<T>(s, on.rows(), on_tokens.span(), on_positions.span(), y.span());
    device_check::check_near<T>(y.numbers(), wanted);
    ops::embedding_forward<double>(s, {batch.tokens, batch.positions, {}, {}}, tokens, {}, wanted);
    ops::embedding_forward<T>(s, on.rows(), on_tokens.span(), {}, y.span());
    CHECK(y.numbers() == wanted);
  }
}

TEST_CASE_TEMPLATE("the gradient of the embedding on the device is the CPU's", T, GPT_DEVICE_TYPES) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const Batch& batch : batches()) {
    const ops::EmbeddingShape& s = batch.shape;
    CAPTURE(s.rows);
    CAPTURE(s.hidden);
    const auto dy = random_values<T>(s.rows * s.hidden, 5);
    const auto tokens = random_values<DeviceF32>(s.vocabulary * s.hidden, 6),
               positions = random_values<DeviceF32>(s.positions * s.hidden, 7);
    std::vector<double> d_tokens = tokens, d_positions = positions;
    ops::embedding_backward<double>(s, {batch.tokens, batch.positions, {}, {}}, dy, d_tokens, d_positions);

    const DeviceRows<T> on(batch);
    const auto on_dy = on_device<T>(dy, batch.offset);
    const auto seen = device_check::same_in_every_order([&] {
      auto on_tokens = on_device<DeviceF32>(tokens), on_positions = on_device<DeviceF32>(positions);
      ops::embedding_backward<T>(s, on.rows(), on_dy.span(), on_tokens.span(), on_positions.span());
      return device_check::joined({on_tokens.numbers(), on_positions.numbers()});
    });
    device_check::check_near<DeviceF32>(device_check::piece(seen, 0, tokens.size()), d_tokens);
    device_check::check_near<DeviceF32>(device_check::piece(seen, tokens.size(), positions.size()),
                                        d_positions);
  }
}

TEST_CASE("the gradient of the embedding on the device needs the orders of rows") {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  const Batch batch{{2, 4, 3, 2}, {0, 1}, {0, 1}};
  const DeviceRows<DeviceF32> on(batch);
  ops::EmbeddingRows<DeviceF32> rows = on.rows();
  rows.by_token = {};
  auto dy = device_check::zeros<DeviceF32>(8), tokens = device_check::zeros<DeviceF32>(12),
       positions = device_check::zeros<DeviceF32>(8);
  CHECK_THROWS_AS(
      ops::embedding_backward<DeviceF32>(batch.shape, rows, dy.span(), tokens.span(), positions.span()),
      ops::ShapeError);
}
