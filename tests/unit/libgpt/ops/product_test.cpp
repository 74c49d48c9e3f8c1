#include <omp.h>

#include "libgpt/ops/gemm.hpp"
#include "libgpt/ops/linear.hpp"
#include "libgpt/ops/shape_error.hpp"
#include "libgpt/ops/threads.hpp"
#include "tests/unit/libgpt/ops/op_check.hpp"

using namespace gpt;
using ops::Product;
using ops::Transpose;

namespace {

struct Sizes {
  std::int64_t m, n, k;
};

template <class T>
double element(const std::vector<T>& matrix, Transpose transpose, std::int64_t rows, std::int64_t columns,
               std::int64_t r, std::int64_t c) {
  return static_cast<double>(
      matrix[static_cast<std::size_t>(transpose == Transpose::no ? r * columns + c : c * rows + r)]);
}

template <class T, class Gemm>
void check_product(const Sizes& s, Transpose ta, Transpose tb, Product mode, double tolerance,
                   const Gemm& gemm) {
  const auto a = op_check::random_values<T>(static_cast<std::size_t>(s.m * s.k), 1);
  const auto b = op_check::random_values<T>(static_cast<std::size_t>(s.k * s.n), 2);
  std::vector<T> c(static_cast<std::size_t>(s.m * s.n), mode == Product::add ? T{3} : static_cast<T>(NAN));
  std::vector<double> wanted;
  for (std::int64_t i = 0; i < s.m; ++i) {
    for (std::int64_t j = 0; j < s.n; ++j) {
      double sum = mode == Product::add ? 3 : 0;
      for (std::int64_t l = 0; l < s.k; ++l) {
        sum += element(a, ta, s.m, s.k, i, l) * element(b, tb, s.k, s.n, l, j);
      }
      wanted.push_back(sum);
    }
  }
  gemm(s.m, s.n, s.k, ops::Matrix<const T>{a.data(), ta == Transpose::no ? s.k : s.m, ta},
       ops::Matrix<const T>{b.data(), tb == Transpose::no ? s.n : s.k, tb}, ops::Matrix<T>{c.data(), s.n},
       mode);
  op_check::check_close(c, wanted, tolerance);
}

}  // namespace

TEST_CASE("matrix products agree with their definition, transposed or not, replacing or adding") {
  op_check::on_every_isa([] {
    for (const Sizes& s : {Sizes{1, 1, 1}, {3, 5, 7}, {4, 64, 16}, {97, 130, 33}, {100, 20, 300}}) {
      CAPTURE(s.m);
      for (const Transpose ta : {Transpose::no, Transpose::yes}) {
        for (const Transpose tb : {Transpose::no, Transpose::yes}) {
          for (const Product mode : {Product::replace, Product::add}) {
            check_product<float>(s, ta, tb, mode, 3e-5, ops::gemm_portable<float>);
            check_product<double>(s, ta, tb, mode, 1e-13, ops::gemm_portable<double>);
            check_product<float>(s, ta, tb, mode, 3e-5, ops::gemm<float>);
          }
        }
      }
    }
  });
}

TEST_CASE("large products are the same however many threads share them") {
  const Sizes s{197, 333, 70};
  const auto a = op_check::random_values<float>(static_cast<std::size_t>(s.m * s.k), 1);
  const auto b = op_check::random_values<float>(static_cast<std::size_t>(s.k * s.n), 2);
  std::vector<float> wanted(static_cast<std::size_t>(s.m * s.n)), c(wanted.size());
  const int before = omp_get_max_threads();
  for (const Transpose ta : {Transpose::no, Transpose::yes}) {
    for (const Transpose tb : {Transpose::no, Transpose::yes}) {
      const ops::Matrix<const float> left{a.data(), ta == Transpose::no ? s.k : s.m, ta};
      const ops::Matrix<const float> right{b.data(), tb == Transpose::no ? s.n : s.k, tb};
      for (const Product mode : {Product::replace, Product::add}) {
        std::fill(wanted.begin(), wanted.end(), 3.0f);
        ops::gemm_portable<float>(s.m, s.n, s.k, left, right, {wanted.data(), s.n}, mode);
        for (const int threads : {1, 2, 3, 4, 6, 7}) {
          CAPTURE(threads);
          ops::set_threads(threads);
          std::fill(c.begin(), c.end(), 3.0f);
          ops::gemm<float>(s.m, s.n, s.k, left, right, {c.data(), s.n}, mode);
          op_check::check_close(c, wanted, 3e-5);
        }
      }
    }
  }
  ops::set_threads(before);
}

TEST_CASE("a linear layer gives the same for one row, few rows and many") {
  op_check::on_every_isa([] {
    constexpr std::int64_t kIn = 70, kOut = 130;
    const auto x = op_check::random_values<float>(9 * kIn, 3);
    const auto weight = op_check::random_values<float>(kIn * kOut, 4);
    const auto table = op_check::random_values<float>(kIn * kOut, 5);
    const auto bias = op_check::random_values<float>(kOut, 6);
    std::vector<float> many(9 * kOut), many_logits(9 * kOut);
    ops::linear_forward<float>({9, kIn, kOut}, x, weight, bias, many);
    ops::table_forward<float>({9, kIn, kOut}, x, table, many_logits);
    for (const std::int64_t rows : {1, 2, 3}) {
      const auto count = static_cast<std::size_t>(rows);
      std::vector<float> few(count * kOut), few_logits(count * kOut);
      ops::linear_forward<float>({rows, kIn, kOut}, std::span(x).first(count * kIn), weight, bias, few);
      ops::table_forward<float>({rows, kIn, kOut}, std::span(x).first(count * kIn), table, few_logits);
      op_check::check_close(few, std::vector<float>(many.begin(), many.begin() + rows * kOut), 1e-5);
      op_check::check_close(few_logits,
                            std::vector<float>(many_logits.begin(), many_logits.begin() + rows * kOut), 1e-5);
    }
  });
}

TEST_CASE("the gradients of a linear layer are those of its differences") {
  constexpr std::int64_t kRows = 4, kIn = 5, kOut = 3;
  auto x = op_check::random_values<double>(kRows * kIn, 1);
  auto weight = op_check::random_values<double>(kIn * kOut, 2);
  auto bias = op_check::random_values<double>(kOut, 3);
  const auto dy = op_check::random_values<double>(kRows * kOut, 4);
  const ops::LinearShape shape{kRows, kIn, kOut};
  std::vector<double> dx(x.size()), dw(weight.size()), db(kOut), y(dy.size());
  ops::linear_backward_input<double>(shape, dy, weight, dx);
  ops::linear_backward_weight<double>(shape, x, dy, Product::replace, dw, db);
  const auto loss = [&] {
    ops::linear_forward<double>(shape, x, weight, bias, y);
    return op_check::weighted_sum(dy, y);
  };
  op_check::check_gradient(x, dx, loss);
  op_check::check_gradient(weight, dw, loss);
  op_check::check_gradient(bias, db, loss);

  // The same numbers as a table [out, in].
  auto table = op_check::random_values<double>(kOut * kIn, 5);
  std::vector<double> d_table(table.size());
  ops::table_backward_input<double>(shape, dy, table, dx);
  ops::table_backward_weight<double>(shape, x, dy, Product::replace, d_table);
  const auto table_loss = [&] {
    ops::table_forward<double>(shape, x, table, y);
    return op_check::weighted_sum(dy, y);
  };
  op_check::check_gradient(x, dx, table_loss);
  op_check::check_gradient(table, d_table, table_loss);
}

TEST_CASE("a shape error names both sizes") {
  std::vector<float> x(6), weight(12), y(8);
  CHECK_THROWS_WITH_AS(ops::linear_forward<float>({2, 3, 5}, x, weight, {}, y),
                       "linear: weight has 12 elements where 3 x 5 = 15 are needed", ops::ShapeError);
}
