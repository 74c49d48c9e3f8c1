#include "libgpt/ops/layer_norm.hpp"

#include "tests/unit/libgpt/ops/op_check.hpp"

using namespace gpt;

TEST_CASE("layer norm agrees with its definition, also far from zero") {
  op_check::on_every_isa([] {
    for (const std::int64_t columns : {1, 3, 64, 100, 769}) {
      constexpr std::int64_t kRows = 5;
      const auto width = static_cast<std::size_t>(columns);
      auto x = op_check::random_values<float>(kRows * width, 1, 2);
      for (float& value : x) value += 30;
      const auto weight = op_check::random_values<float>(width, 2);
      const auto bias = op_check::random_values<float>(width, 3);
      std::vector<double> wanted(x.size());
      for (std::size_t r = 0; r < kRows; ++r) {
        double mean = 0, variance = 0;
        for (std::size_t c = 0; c < width; ++c) mean += static_cast<double>(x[r * width + c]);
        mean /= static_cast<double>(columns);
        for (std::size_t c = 0; c < width; ++c)
          variance += std::pow(static_cast<double>(x[r * width + c]) - mean, 2);
        variance /= static_cast<double>(columns);
        for (std::size_t c = 0; c < width; ++c) {
          wanted[r * width + c] = (static_cast<double>(x[r * width + c]) - mean) /
                                      std::sqrt(variance + 1e-5) * static_cast<double>(weight[c]) +
                                  static_cast<double>(bias[c]);
        }
      }
      std::vector<float> y(x.size()), mean(kRows), inverse(kRows);
      ops::layer_norm_forward<float>({kRows, columns}, 1e-5, x, weight, bias, y, mean, inverse);
      op_check::check_close(y, wanted, 3e-5);
    }
  });
}

TEST_CASE("the gradients of layer norm are those of its differences") {
  op_check::on_every_isa([] {
    constexpr std::int64_t kRows = 6, kColumns = 13;
    auto x = op_check::random_values<double>(kRows * kColumns, 4);
    auto weight = op_check::random_values<double>(kColumns, 5);
    auto bias = op_check::random_values<double>(kColumns, 6);
    const auto dy = op_check::random_values<double>(x.size(), 7);
    std::vector<double> y(x.size()), mean(kRows), inverse(kRows);
    const auto loss = [&] {
      ops::layer_norm_forward<double>({kRows, kColumns}, 1e-5, x, weight, bias, y, mean, inverse);
      return op_check::weighted_sum(dy, y);
    };
    loss();
    const std::vector<double> residual(x.size());
    std::vector<double> dx(x.size()), d_weight(kColumns, 9.0), d_bias(kColumns, 9.0);
    ops::layer_norm_backward<double>({kRows, kColumns}, dy, x, weight, mean, inverse, residual, dx,
                                     ops::Product::replace, d_weight, d_bias);
    op_check::check_gradient(x, dx, loss);
    op_check::check_gradient(weight, d_weight, loss);
    op_check::check_gradient(bias, d_bias, loss);

    // The residual's gradient is added, in place, and so are the parameters' in a second micro batch.
    loss();
    std::vector<double> stream(x.size(), 1.0), twice = d_weight, twice_bias = d_bias;
    ops::layer_norm_backward<double>({kRows, kColumns}, dy, x, weight, mean, inverse, stream, stream,
                                     ops::Product::add, twice, twice_bias);
    for (std::size_t i = 0; i < dx.size(); ++i) CHECK(stream[i] == doctest::Approx(dx[i] + 1));
    for (std::size_t i = 0; i < twice.size(); ++i) CHECK(twice[i] == doctest::Approx(2 * d_weight[i]));
  });
}
