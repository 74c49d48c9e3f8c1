#include "libgpt/ops/vocabulary_cross_entropy.hpp"

#include <algorithm>

#include "libgpt/ops/cross_entropy.hpp"
#include "libgpt/ops/shape_error.hpp"
#include "tests/unit/libgpt/ops/op_check.hpp"

using namespace gpt;

namespace {

// Rows of logits cut into shares of the vocabulary, none as wide as another.
struct Shares {
  std::int64_t rows, vocabulary;
  std::vector<std::int64_t> cuts;  // first tokens, and the end

  ops::VocabularyShare share(std::size_t i) const { return {rows, cuts[i + 1] - cuts[i], cuts[i]}; }

  template <class T>
  std::vector<T> of(const std::vector<T>& logits, std::size_t i) const {
    std::vector<T> part;
    for (std::int64_t r = 0; r < rows; ++r) {
      const auto row = logits.begin() + r * vocabulary;
      part.insert(part.end(), row + cuts[i], row + cuts[i + 1]);
    }
    return part;
  }
};

template <class T>
struct Outcome {
  std::vector<double> losses;
  std::vector<T> gradient;  // [rows, vocabulary]
};

enum class Want { losses, gradient };

template <class T>
Outcome<T> in_shares(const Shares& shares, const std::vector<T>& logits,
                     const std::vector<std::int32_t>& targets, const ops::RowWeights<T>& weights, Want want) {
  const auto rows = static_cast<std::size_t>(shares.rows);
  const std::size_t count = shares.cuts.size() - 1;
  std::vector<ops::CrossEntropyPart<T>> parts(count * rows), sums(rows);
  std::vector<std::vector<T>> pieces;
  for (std::size_t i = 0; i < count; ++i) {
    pieces.push_back(shares.of(logits, i));
    const auto own = std::span(parts).subspan(i * rows, rows);
    if (want == Want::losses) {
      ops::cross_entropy_parts<T>(shares.share(i), pieces[i], targets, own);
    } else {
      ops::cross_entropy_parts_in_place<T>(shares.share(i), pieces[i], targets, own);
    }
  }
  Outcome<T> outcome{std::vector<double>(rows), std::vector<T>(logits.size())};
  ops::combine_cross_entropy<T>(shares.rows, parts, outcome.losses, sums);
  for (std::size_t i = 0; i < count && want == Want::gradient; ++i) {
    const ops::VocabularyShare share = shares.share(i);
    ops::vocabulary_cross_entropy_backward<T>(share, pieces[i], targets, weights,
                                              std::span(parts).subspan(i * rows, rows), sums);
    for (std::int64_t r = 0; r < shares.rows; ++r) {
      std::copy_n(pieces[i].begin() + r * share.columns, share.columns,
                  outcome.gradient.begin() + r * shares.vocabulary + share.first_token);
    }
  }
  return outcome;
}

// Shares whose largest logits lie far apart; a target in each.
template <class T>
void check_against_whole(double tolerance) {
  const Shares shares{5, 200, {0, 67, 68, 131, 200}};
  auto logits = op_check::random_values<T>(5 * 200, 4, 3);
  for (std::size_t c = 0; c < 67; ++c) logits[200 + c] += T{300};
  for (std::size_t c = 131; c < 200; ++c) logits[400 + c] -= T{300};
  const std::vector<std::int32_t> targets = {0, 67, 130, 131, 199};
  const std::vector<float> mask = {0.5F, 1, 0, 2, 0.25F};
  const ops::RowWeights<T> weights{mask, 0.5};
  std::vector<T> gradient = logits;
  std::vector<double> losses(5);
  ops::cross_entropy_backward<T>(5, 200, gradient, targets, weights, losses);

  const auto seen = in_shares<T>(shares, logits, targets, weights, Want::gradient);
  op_check::check_close(seen.losses, losses, tolerance);
  op_check::check_close(seen.gradient, gradient, tolerance);
  op_check::check_close(in_shares<T>(shares, logits, targets, weights, Want::losses).losses, losses,
                        tolerance);
}

}  // namespace

TEST_CASE("cross entropy of shares of the vocabulary is that of the whole") {
  op_check::on_every_isa([] {
    check_against_whole<double>(1e-13);
    check_against_whole<float>(1e-6);
  });
}

TEST_CASE("the gradient of cross entropy in shares is that of its differences") {
  op_check::on_every_isa([] {
    const Shares shares{3, 21, {0, 5, 14, 21}};
    auto logits = op_check::random_values<double>(3 * 21, 6, 2);
    const std::vector<std::int32_t> targets = {4, 5, 20};
    const std::vector<double> weights = {0.5, 2, 0};
    const std::vector<float> mask(weights.begin(), weights.end());
    const auto gradient = in_shares<double>(shares, logits, targets, {mask, 1}, Want::gradient).gradient;
    op_check::check_gradient(logits, gradient, [&] {
      return op_check::weighted_sum(
          weights, in_shares<double>(shares, logits, targets, {mask, 1}, Want::losses).losses);
    });
  });
}

TEST_CASE("parts that do not belong to the rows are refused") {
  std::vector<ops::CrossEntropyPart<float>> parts(7), sums(3);
  std::vector<double> losses(3);
  CHECK_THROWS_AS(ops::combine_cross_entropy<float>(3, parts, losses, sums), ops::ShapeError);
}
