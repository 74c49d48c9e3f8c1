#include "libgpt/ops/cross_entropy.hpp"

#include "tests/unit/libgpt/ops/op_check.hpp"

using namespace gpt;

TEST_CASE("cross entropy agrees with its definition") {
  op_check::on_every_isa([] {
    for (const std::int64_t vocabulary : {1, 7, 64, 1003}) {
      constexpr std::int64_t kRows = 5;
      const auto logits = op_check::random_values<float>(static_cast<std::size_t>(kRows * vocabulary), 1, 5);
      std::vector<std::int32_t> targets;
      std::vector<double> wanted;
      for (std::int64_t r = 0; r < kRows; ++r) {
        targets.push_back(static_cast<std::int32_t>((r * 31) % vocabulary));
        double sum = 0;
        for (std::int64_t v = 0; v < vocabulary; ++v) {
          sum += std::exp(static_cast<double>(logits[static_cast<std::size_t>(r * vocabulary + v)]));
        }
        wanted.push_back(
            std::log(sum) -
            static_cast<double>(logits[static_cast<std::size_t>(r * vocabulary + targets.back())]));
      }
      std::vector<double> losses(kRows);
      ops::cross_entropy_forward<float>(kRows, vocabulary, logits, targets, losses);
      op_check::check_close(losses, wanted, 1e-6);
    }
  });
}

TEST_CASE("the gradient of cross entropy is that of its differences; a masked row has none") {
  op_check::on_every_isa([] {
    constexpr std::int64_t kRows = 4, kVocabulary = 11;
    auto logits = op_check::random_values<double>(kRows * kVocabulary, 2);
    const std::vector<std::int32_t> targets = {3, 0, 10, 5};
    const std::vector<float> mask = {0.5F, 2, 0, 1};
    std::vector<double> gradient = logits, losses(kRows);
    ops::cross_entropy_backward<double>(kRows, kVocabulary, gradient, targets, {mask, 3}, losses);
    op_check::check_gradient(logits, gradient, [&] {
      ops::cross_entropy_forward<double>(kRows, kVocabulary, logits, targets, losses);
      std::vector<double> totals(2);
      ops::add_masked_losses<double>(losses, mask, totals);
      CHECK(totals[1] == 3.5);
      return 3 * totals[0];
    });
    for (std::size_t i = 22; i < 33; ++i) CHECK(gradient[i] == 0);
  });
}

TEST_CASE("logits that are no numbers make a loss that is none") {
  op_check::on_every_isa([] {
    auto logits = op_check::random_values<float>(70, 3);
    logits[50] = NAN;
    const std::vector<std::int32_t> targets = {4};
    std::vector<double> losses(1);
    ops::cross_entropy_forward<float>(1, 70, logits, targets, losses);
    CHECK(std::isnan(losses[0]));
  });
}
