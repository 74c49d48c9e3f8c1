#include "libgpt/cost/data_weights.hpp"

#include <cmath>

#include <doctest/doctest.h>

using namespace gpt::cost;

TEST_CASE("fourteen of the fifteen published epochs follow from 275 billion trained tokens") {
  int fitting = 0;
  double weights = 0;
  for (const WeightedCorpus& corpus : published_blend()) {
    const double computed = std::round(10 * epochs(corpus, kPublishedBlendTokens)) / 10;
    if (std::abs(computed - corpus.published_epochs) < 1e-9)
      ++fitting;
    else
      CHECK(corpus.name == "Wikipedia");
    weights += corpus.weight;
  }
  CHECK(published_blend().size() == 15);
  CHECK(fitting == 14);
  CHECK(weights == doctest::Approx(100).epsilon(0.005));
}

TEST_CASE("epochs are the share of the trained tokens over the corpus") {
  CHECK(epochs({"half seen", 100, 25, 0}, 200) == doctest::Approx(0.5));
}
