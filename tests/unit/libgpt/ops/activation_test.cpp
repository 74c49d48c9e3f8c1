#include "libgpt/ops/gelu.hpp"
#include "libgpt/ops/norm.hpp"
#include "libgpt/ops/shape_error.hpp"
#include "tests/unit/libgpt/ops/op_check.hpp"

using namespace gpt;

namespace {

double gelu(double x) { return x / 2 * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x))); }

}  // namespace

TEST_CASE("the exponential is accurate, and keeps zero, infinity and NaN") {
  op_check::on_every_isa([] {
    std::vector<float> x;
    for (int i = -8700; i < 8800; ++i) x.push_back(static_cast<float>(i) * 0.01f);
    std::vector<float> y(x.size());
    ops::cpu::kernels<float>().exponential(x.data(), y.data(), static_cast<std::int64_t>(x.size()));
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double want = std::exp(static_cast<double>(x[i]));
      worst = std::max(worst, std::abs(static_cast<double>(y[i]) - want) / want);
    }
    CHECK(worst < 3e-7);

    const std::vector<float> edges = {-INFINITY, -200.0f, 100.0f, INFINITY, NAN, 0.0f};
    std::vector<float> at_edges(edges.size());
    ops::cpu::kernels<float>().exponential(edges.data(), at_edges.data(), 6);
    CHECK(at_edges[0] == 0);
    CHECK(at_edges[1] == 0);
    CHECK(std::isinf(at_edges[2]));
    CHECK(std::isinf(at_edges[3]));
    CHECK(std::isnan(at_edges[4]));
    CHECK(at_edges[5] == 1);

    const std::vector<double> wide = {-700.5, -1e-3, 0.3, 33.3, 700.5};
    std::vector<double> exact(wide.size());
    ops::cpu::kernels<double>().exponential(wide.data(), exact.data(), 5);
    for (std::size_t i = 0; i < wide.size(); ++i)
      CHECK(exact[i] == doctest::Approx(std::exp(wide[i])).epsilon(1e-14));
  });
}

TEST_CASE("bias and GELU follow the tanh form to 1e-6") {
  op_check::on_every_isa([] {
    constexpr std::int64_t kRows = 7, kColumns = 37;
    auto x = op_check::random_values<float>(kRows * kColumns, 1, 3);
    const auto bias = op_check::random_values<float>(kColumns, 2);
    std::vector<double> want_x, want_y;
    for (std::size_t i = 0; i < x.size(); ++i) {
      want_x.push_back(static_cast<double>(x[i] + bias[i % kColumns]));
      want_y.push_back(gelu(want_x.back()));
    }
    std::vector<float> y(x.size());
    ops::bias_gelu_forward<float>(kRows, kColumns, bias, x, y);
    op_check::check_close(x, want_x, 1e-7);
    op_check::check_close(y, want_y, 1e-6);
  });
}

TEST_CASE("the gradient of GELU is that of its differences") {
  op_check::on_every_isa([] {
    auto x = op_check::random_values<double>(53, 3, 2);
    const auto dy = op_check::random_values<double>(53, 4);
    std::vector<double> dx(53);
    ops::gelu_backward<double>(x, dy, dx);
    const std::vector<double> no_bias(53);
    op_check::check_gradient(x, dx, [&] {
      std::vector<double> copy = x, y(53);
      ops::bias_gelu_forward<double>(1, 53, no_bias, copy, y);
      return op_check::weighted_sum(dy, y);
    });
  });
}

TEST_CASE("a sum of squares sees what is not finite") {
  op_check::on_every_isa([] {
    auto x = op_check::random_values<float>(200001, 5);
    double want = 0;
    for (const float value : x) want += static_cast<double>(value) * static_cast<double>(value);
    CHECK(ops::sum_of_squares<float>(x) == doctest::Approx(want).epsilon(1e-6));
    x[150000] = NAN;
    CHECK(std::isnan(ops::sum_of_squares<float>(x)));
    x[150000] = INFINITY;
    CHECK(std::isinf(ops::sum_of_squares<float>(x)));
  });
}

TEST_CASE("sizes that do not belong together are named") {
  std::vector<float> x(6), y(6), bias(4);
  CHECK_THROWS_WITH_AS(ops::bias_gelu_forward<float>(2, 3, bias, x, y),
                       "gelu: bias has 4 elements where 3 are needed", ops::ShapeError);
}
