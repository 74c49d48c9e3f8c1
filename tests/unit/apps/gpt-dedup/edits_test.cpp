// A generated set with known near duplicates: how many become candidates, how many are found, and that
// nothing below the threshold is.
#include <algorithm>
#include <cmath>
#include <random>

#include <doctest/doctest.h>

#include "apps/gpt-dedup/near/lsh.hpp"
#include "apps/gpt-dedup/near/minhash.hpp"
#include "apps/gpt-dedup/near/shingle_set.hpp"
#include "tests/unit/apps/gpt-dedup/temporary_corpus.hpp"

using namespace gpt::dedup;

namespace {

// Prose-like: words of a small vocabulary, the frequent ones more often.
std::string prose(std::mt19937& random, std::size_t words) {
  std::string text;
  for (std::size_t i = 0; i < words; ++i) {
    const auto number = static_cast<unsigned>(4000 / (1 + random() % 4000));
    std::mt19937 letters(number * 977 + random() % 3);
    for (std::uint32_t length = 2 + letters() % 8; length > 0; --length)
      text += static_cast<char>('a' + letters() % 26);
    text += i % 12 == 11 ? ". " : " ";
  }
  return text;
}

// The text with one character of so many changed.
std::string edited(std::mt19937& random, std::string text, double share) {
  for (char& c : text)
    if (static_cast<double>(random()) / 4294967296.0 < share) c = static_cast<char>('A' + random() % 26);
  return text;
}

struct Trial {
  double jaccard;
  double estimate;
  bool candidate;
};

// Pairs with edits of 1 to 40 % of a part of the text, so that all indices occur.
std::vector<Trial> trials() {
  std::mt19937 random(21);
  MinHasher hasher(100, 1234);
  Shingler shingler({});
  std::vector<Trial> trials;
  for (int i = 0; i < 3000; ++i) {
    const std::string text = prose(random, 150);
    const double share = (1 + i % 40) / 100.0;
    const std::size_t half = text.size() * (random() % 100) / 100;
    const std::string other = edited(random, text.substr(0, half), share) + text.substr(half);
    std::vector<std::uint32_t> a(100), b(100);
    hasher.sign(shingler, text, a);
    hasher.sign(shingler, other, b);
    trials.push_back({jaccard(shingle_set(shingler, text), shingle_set(shingler, other)),
                      signature_similarity(a, b), meet_before(a, b, 20, 20)});
  }
  return trials;
}

double curve(double s) { return 1 - std::pow(1 - std::pow(s, 5), 20); }

}  // namespace

TEST_CASE("edited texts become candidates as 1 - (1 - s^r)^b says, and their estimates have no bias") {
  const std::vector<Trial> all = trials();
  for (int tenth = 0; tenth < 10; ++tenth) {
    double expected = 0, variance = 0, found = 0, error = 0, count = 0;
    for (const Trial& trial : all) {
      if (std::min(9, static_cast<int>(trial.jaccard * 10)) != tenth) continue;
      const double p = curve(trial.jaccard);
      expected += p;
      variance += p * (1 - p);
      found += trial.candidate ? 1 : 0;
      error += trial.estimate - trial.jaccard;
      ++count;
    }
    CAPTURE(tenth);
    CAPTURE(count);
    // Four standard deviations; the hash functions are the same for all pairs, which share few shingles.
    CHECK(std::abs(found - expected) < 4 * std::sqrt(variance) + 3);
    if (count > 0) CHECK(std::abs(error) / count < 4 * 0.05 / std::sqrt(count) + 0.004);
  }
  const auto reached = [&](double least, double most) {
    return std::count_if(all.begin(), all.end(),
                         [&](const Trial& trial) { return trial.jaccard >= least && trial.jaccard < most; });
  };
  CHECK(reached(0, 0.3) > 100);
  CHECK(reached(0.3, 0.8) > 500);
  CHECK(reached(0.8, 1) > 300);
}

TEST_CASE("with the defaults, .99 of the pairs at .8 or above are found, and none below") {
  std::mt19937 random(4);
  Shingler shingler({});
  const TemporaryCorpus corpus;
  std::vector<std::string> texts;
  int duplicates = 0;
  for (int i = 0; i < 1500; ++i) {
    const std::string text = prose(random, 100);
    const std::string other = edited(random, text, (random() % 60) / 1000.0);
    duplicates += jaccard(shingle_set(shingler, text), shingle_set(shingler, other)) >= 0.8 ? 1 : 0;
    texts.push_back(text);
    texts.push_back(other);
  }
  REQUIRE(duplicates > 400);
  REQUIRE(duplicates < 1100);
  corpus.write_documents("all.jsonl", texts);
  const auto removed = 3000 - static_cast<int>(corpus.deduplicate({"all.jsonl"}).size());
  CHECK(removed <= duplicates);
  CHECK(removed >= 0.99 * duplicates);
}
