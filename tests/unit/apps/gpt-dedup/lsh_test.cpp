#include "apps/gpt-dedup/near/lsh.hpp"

#include <cmath>
#include <random>

#include <doctest/doctest.h>

#include "apps/gpt-dedup/near/minhash.hpp"
#include "apps/gpt-dedup/near/signature_store.hpp"

using namespace gpt::dedup;

namespace {

// Two sets of Jaccard index common / 200, signed.
struct SignedPair {
  std::vector<std::uint32_t> a;
  std::vector<std::uint32_t> b;
};

SignedPair signed_pair(std::size_t common, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> a, b;
  for (std::size_t i = 0; i < 200; ++i) {
    const std::uint64_t number = random();
    if (i < common || i % 2 == 0) a.push_back(number);
    if (i < common || i % 2 == 1) b.push_back(number);
  }
  MinHasher hasher(100, 9);
  SignedPair pair{std::vector<std::uint32_t>(100), std::vector<std::uint32_t>(100)};
  hasher.sign(a, pair.a);
  hasher.sign(b, pair.b);
  return pair;
}

double share_that_meets(std::size_t common) {
  int met = 0;
  for (std::uint64_t trial = 0; trial < 400; ++trial) {
    const SignedPair pair = signed_pair(common, trial);
    met += meet_before(pair.a, pair.b, 20, 20) ? 1 : 0;
  }
  return met / 400.0;
}

double expected_share(double s) { return 1 - std::pow(1 - std::pow(s, 5), 20); }

}  // namespace

TEST_CASE("candidates follow 1 - (1 - s^r)^b") {
  for (const std::size_t common : {60, 80, 100, 120, 140}) {
    const double expected = expected_share(static_cast<double>(common) / 200);
    CAPTURE(common);
    // Four standard deviations of 400 trials.
    CHECK(std::abs(share_that_meets(common) - expected) <
          4 * std::sqrt(expected * (1 - expected) / 400) + 0.005);
  }
}

TEST_CASE("recall at a Jaccard index of .8 with 20 bands of 5 is above .99") {
  CHECK(expected_share(0.8) > 0.999);
  CHECK(share_that_meets(160) > 0.99);
}

TEST_CASE("a band's buckets are the rows that agree in it") {
  SignatureStore store(4);
  const auto add = [&](std::initializer_list<std::uint32_t> signature) {
    store.add(static_cast<DocumentId>(10 + store.size()), std::vector<std::uint32_t>(signature));
  };
  add({9, 9, 1, 2});
  add({5, 6, 7, 8});
  add({5, 6, 1, 2});
  add({3, 3, 3, 3});
  add({5, 6, 0, 0});
  const Band first(store, 0, 2);
  REQUIRE(first.size() == 1);
  CHECK(std::vector<Row>(first.bucket(0).begin(), first.bucket(0).end()) == std::vector<Row>{1, 2, 4});
  const Band second(store, 1, 2);
  REQUIRE(second.size() == 1);
  CHECK(std::vector<Row>(second.bucket(0).begin(), second.bucket(0).end()) == std::vector<Row>{0, 2});
  CHECK(store.document(4) == 14);
  CHECK_FALSE(meet_before(store.signature(0), store.signature(2), 1, 2));
  CHECK(meet_before(store.signature(0), store.signature(2), 2, 2));
}

TEST_CASE("signatures lie in many chunks") {
  SignatureStore store(3);
  for (std::uint32_t i = 0; i < 10000; ++i) store.add(2 * i, std::vector<std::uint32_t>{i, i + 1, i + 2});
  CHECK(store.size() == 10000);
  CHECK(store.signature(9999)[1] == 10000);
  CHECK(store.signature(4096)[0] == 4096);
  CHECK(store.document(4096) == 8192);
}
