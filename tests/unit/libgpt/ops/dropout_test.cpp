#include "libgpt/ops/dropout.hpp"

#include <algorithm>
#include <set>

#include "libgpt/ops/philox.hpp"
#include "libgpt/ops/shape_error.hpp"
#include "tests/unit/libgpt/ops/op_check.hpp"

using namespace gpt;

TEST_CASE("Philox gives the published answers") {
  CHECK(ops::philox(0, 0, 0) == std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  constexpr std::uint64_t kOnes = ~std::uint64_t{0};
  CHECK(ops::philox(kOnes, kOnes, kOnes) ==
        std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
}

TEST_CASE("streams differ by seed, purpose, site and layer") {
  using ops::random_stream_key;
  using ops::RandomPurpose;
  const std::set<std::uint64_t> keys = {
      random_stream_key(1, RandomPurpose::dropout, 0, 0), random_stream_key(2, RandomPurpose::dropout, 0, 0),
      random_stream_key(1, RandomPurpose::initialisation, 0, 0),
      random_stream_key(1, RandomPurpose::dropout, 1, 0), random_stream_key(1, RandomPurpose::dropout, 0, 1)};
  CHECK(keys.size() == 5);
}

TEST_CASE("which elements are dropped follows the documented counters, on every instruction set") {
  constexpr std::int64_t kLength = 3, kColumns = 150;
  const std::vector<std::uint64_t> samples = {std::uint64_t{1} << 33, 9};
  const ops::DropoutRows<float> rows{2 * kLength, kColumns, kLength, samples};
  const ops::Dropout dropout = ops::make_dropout(0.3, 42, ops::DropoutSite::mlp_output, 5);
  const std::vector<float> ones(2 * kLength * kColumns, 1.0f);
  std::vector<float> wanted(ones.size());
  for (std::int64_t r = 0; r < 2 * kLength; ++r) {
    for (std::int64_t c = 0; c < kColumns; ++c) {
      const std::int64_t block = c / 64 * 16 + c % 16;
      const auto words = ops::philox(dropout.key, static_cast<std::uint64_t>((r % kLength) << 20 | block),
                                     samples[static_cast<std::size_t>(r / kLength)]);
      const bool dropped = words[static_cast<std::size_t>(c / 16 % 4)] < 0.3 * 4294967296.0;
      wanted[static_cast<std::size_t>(r * kColumns + c)] = dropped ? 0.0f : 1 / 0.7f;
    }
  }
  op_check::on_every_isa([&] {
    std::vector<float> seen(ones.size());
    ops::dropout<float>(rows, dropout, ones, seen);
    op_check::check_close(seen, wanted, 1e-6);

    const auto x = op_check::random_values<float>(ones.size(), 1);
    const auto residual = op_check::random_values<float>(ones.size(), 2);
    const auto bias = op_check::random_values<float>(kColumns, 3);
    std::vector<float> sum(ones.size()), wanted_sum(ones.size());
    for (std::size_t i = 0; i < sum.size(); ++i) {
      wanted_sum[i] = residual[i] + (x[i] + bias[i % kColumns]) * wanted[i];
    }
    ops::bias_dropout_add<float>(rows, dropout, x, bias, residual, sum);
    op_check::check_close(sum, wanted_sum, 1e-6);
  });
  const auto kept = std::count(wanted.begin(), wanted.end(), 0.0f);
  CHECK(static_cast<double>(kept) / static_cast<double>(wanted.size()) == doctest::Approx(0.3).epsilon(0.15));
}

TEST_CASE("without dropout the op copies and adds") {
  const ops::DropoutRows<double> rows{4, 50, 4, {}};
  const auto x = op_check::random_values<double>(200, 1);
  const auto residual = op_check::random_values<double>(200, 2);
  const std::vector<double> bias(50, 0.5);
  std::vector<double> y(200), wanted(200);
  ops::dropout<double>(rows, {}, x, y);
  CHECK(x == y);
  for (std::size_t i = 0; i < 200; ++i) wanted[i] = residual[i] + (x[i] + 0.5);
  op_check::on_every_isa([&] {
    ops::bias_dropout_add<double>(rows, {}, x, bias, residual, y);
    op_check::check_close(y, wanted, 0);
  });
}

TEST_CASE("a share of the rows is dropped as those rows of the whole are") {
  constexpr std::int64_t kLength = 6, kColumns = 70;
  const std::vector<std::uint64_t> samples = {8, 3};
  const ops::Dropout dropout = ops::make_dropout(0.4, 42, ops::DropoutSite::embedding, 0);
  const auto x = op_check::random_values<float>(2 * kLength * kColumns, 1);
  op_check::on_every_isa([&] {
    std::vector<float> whole(x.size()), shares(x.size());
    ops::dropout<float>({2 * kLength, kColumns, kLength, samples}, dropout, x, whole);
    for (std::int64_t first = 0; first < 2 * kLength; first += 4) {
      const auto at = static_cast<std::size_t>(first * kColumns);
      ops::dropout<float>({4, kColumns, kLength, samples, first}, dropout,
                          std::span(x).subspan(at, 4 * kColumns),
                          std::span(shares).subspan(at, 4 * kColumns));
    }
    CHECK(shares == whole);
  });
  std::vector<float> y(4 * kColumns);
  CHECK_THROWS_AS(ops::dropout<float>({4, kColumns, kLength, std::span(samples).first(1), 4}, dropout,
                                      std::span(x).first(4 * kColumns), y),
                  ops::ShapeError);
}

TEST_CASE("the gradient of dropout, and of bias and dropout, is that of its differences") {
  const std::vector<std::uint64_t> samples = {8, 3};
  const ops::DropoutRows<double> rows{6, 10, 3, samples};
  const ops::Dropout dropout = ops::make_dropout(0.4, 42, ops::DropoutSite::attention_output, 0);
  op_check::on_every_isa([&] {
    auto x = op_check::random_values<double>(60, 1);
    auto bias = op_check::random_values<double>(10, 2);
    auto residual = op_check::random_values<double>(60, 3);
    const auto dy = op_check::random_values<double>(60, 4);
    std::vector<double> y(60), dx(60), d_bias(10);
    ops::dropout<double>(rows, dropout, dy, dx);
    for (std::size_t i = 0; i < 60; ++i) d_bias[i % 10] += dx[i];
    const auto loss = [&] {
      ops::bias_dropout_add<double>(rows, dropout, x, bias, residual, y);
      return op_check::weighted_sum(dy, y);
    };
    op_check::check_gradient(x, dx, loss);
    op_check::check_gradient(bias, d_bias, loss);
    op_check::check_gradient(residual, dy, loss);
  });
}
