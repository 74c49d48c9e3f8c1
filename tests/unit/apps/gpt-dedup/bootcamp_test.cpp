// The hand-crafted set of the Megatron bootcamp: 73 pairs of news articles, 31 of them equal. It is no part
// of the project; GPT_TEST_DATA names the folder that holds it.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <doctest/doctest.h>

#include "apps/gpt-dedup/near/lsh.hpp"
#include "apps/gpt-dedup/near/minhash.hpp"
#include "apps/gpt-dedup/near/shingle_set.hpp"
#include "tests/unit/apps/gpt-dedup/temporary_corpus.hpp"

using namespace gpt::dedup;

namespace {

struct ArticlePair {
  std::string first;
  std::string second;
  bool duplicate;
};

// Fields of a CSV file (RFC 4180), record by record.
std::vector<std::vector<std::string>> csv_records(const std::string& bytes) {
  std::vector<std::vector<std::string>> records(1, std::vector<std::string>(1));
  bool quoted = false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (quoted && c == '"' && i + 1 < bytes.size() && bytes[i + 1] == '"') {
      records.back().back() += '"';
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == ',') {
      records.back().emplace_back();
    } else if (!quoted && c == '\n') {
      records.emplace_back(1);
    } else if (quoted || c != '\r') {
      records.back().back() += c;
    }
  }
  if (records.back().size() == 1) records.pop_back();
  return records;
}

// Empty, with a word about it, when the data is not there.
std::string bootcamp_file(const std::string& name) {
  const char* folder = std::getenv("GPT_TEST_DATA");
  if (folder == nullptr) {
    MESSAGE("SKIPPED: GPT_TEST_DATA is unset, so the bootcamp's duplicates are not tested");
    return "";
  }
  return gpt::io::read_file_or_throw(std::string(folder) + "/bootcamp/" + name);
}

std::vector<ArticlePair> bootcamp_rows() {
  std::vector<ArticlePair> rows;
  const auto records = csv_records(bootcamp_file("HandCrafted_Duplicates.csv"));
  for (std::size_t i = 1; i < records.size(); ++i)
    rows.push_back({records[i].at(1), records[i].at(2), records[i].at(3) == "True"});
  return rows;
}

// The 73 documents of groundtruth.txt: both articles of each row, one behind the other.
std::vector<std::string> concatenated_documents() {
  const std::string bytes = bootcamp_file("groundtruth.txt");
  std::vector<std::string> texts;
  for (std::size_t begin = 0; begin < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', begin), bytes.size());
    const std::string line = bytes.substr(begin, end - begin);
    if (!line.empty()) texts.push_back(line.substr(line.find('\t') + 1));
    begin = end + 1;
  }
  return texts;
}

using ShingleSets = std::vector<std::vector<std::uint64_t>>;

ShingleSets shingle_sets(const std::vector<std::string>& texts) {
  Shingler shingler({.length = 5});
  ShingleSets sets;
  for (const std::string& text : texts) sets.push_back(shingle_set(shingler, text));
  return sets;
}

// The candidate pairs to be expected of 100 seeds: the sum of 1 - (1 - s^r)^b over all pairs.
double expected_candidates(const ShingleSets& sets, int bands) {
  double sum = 0;
  for (std::size_t i = 0; i < sets.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      sum += 1 - std::pow(1 - std::pow(jaccard(sets[i], sets[j]), 100 / bands), bands);
  return sum;
}

// The pairs that 100 seeds of one choice of permutations make candidates.
int candidates_of(const ShingleSets& sets, std::size_t bands, std::uint64_t seed) {
  MinHasher hasher(100, seed);
  std::vector<std::vector<std::uint32_t>> signatures(sets.size(), std::vector<std::uint32_t>(100));
  for (std::size_t i = 0; i < sets.size(); ++i) hasher.sign(sets[i], signatures[i]);
  int count = 0;
  for (std::size_t i = 0; i < sets.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      count += meet_before(signatures[i], signatures[j], bands, bands) ? 1 : 0;
  return count;
}

// 200 bands of 2 numbers: pairs of a Jaccard index of .4 meet with a probability of 1 - 1e-15.
Options certain(double threshold) {
  Options options;
  options.minhash.seeds = 400;
  options.minhash.bands = 200;
  options.minhash.threshold = threshold;
  return options;
}

}  // namespace

TEST_CASE("bootcamp, row by row: exactly the 31 True rows from .6 to .95") {
  const std::vector<ArticlePair> rows = bootcamp_rows();
  if (rows.empty()) return;
  REQUIRE(rows.size() == 73);
  const TemporaryCorpus corpus;
  for (const double threshold : {0.6, 0.8, 0.95}) {
    int duplicates = 0;
    for (const ArticlePair& row : rows) {
      corpus.write_documents("row.jsonl", {row.first, row.second});
      const bool found = corpus.deduplicate({"row.jsonl"}, certain(threshold)).size() == 1;
      CHECK(found == row.duplicate);
      duplicates += found ? 1 : 0;
    }
    CHECK(duplicates == 31);
  }
}

TEST_CASE("bootcamp, 73 concatenated documents: 5, 12, 23 and 31 go at .8, .6, .5 and .4") {
  const std::vector<std::string> texts = concatenated_documents();
  if (texts.empty()) return;
  REQUIRE(texts.size() == 73);
  const TemporaryCorpus corpus;
  corpus.write_documents("all.jsonl", texts);
  const auto removed = [&](double threshold) {
    return 73 - corpus.deduplicate({"all.jsonl"}, certain(threshold)).size();
  };
  CHECK(removed(0.8) == 5);
  CHECK(removed(0.6) == 12);
  CHECK(removed(0.5) == 23);
  CHECK(removed(0.4) == 31);
}

// That mean holds of any family of permutations that is without bias. A single choice scatters around it by
// more than the 2.9 and 4.8 of pairs that meet independently of each other: documents that share a shingle
// which comes out least meet all at once (docs/benchmarks.md).
TEST_CASE("bootcamp, candidate pairs: 26 of 20 bands and 51 of 25 are the mean over many seeds") {
  const ShingleSets sets = shingle_sets(concatenated_documents());
  if (sets.empty()) return;
  CHECK(expected_candidates(sets, 20) == doctest::Approx(26.25).epsilon(0.001));
  CHECK(expected_candidates(sets, 25) == doctest::Approx(51.37).epsilon(0.001));
  for (const int bands : {20, 25}) {
    CAPTURE(bands);
    constexpr int kSeeds = 200;
    const double expected = expected_candidates(sets, bands);
    std::vector<int> counts;
    double sum = 0;
    double squares = 0;
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
      const int count = candidates_of(sets, static_cast<std::size_t>(bands), seed);
      counts.push_back(count);
      sum += count;
      squares += (count - expected) * (count - expected);
    }
    const double deviation = std::sqrt(squares / kSeeds);
    MESSAGE(bands, " bands: mean ", sum / kSeeds, ", standard deviation ", deviation);
    CHECK(std::abs(sum / kSeeds - expected) < 3 * deviation / std::sqrt(kSeeds));
    CHECK(deviation > (bands == 20 ? 2.9 : 4.8));
    std::sort(counts.begin(), counts.end());
    CHECK(counts[kSeeds / 20] >= 0.7 * expected);
    CHECK(counts[kSeeds - kSeeds / 20] <= 1.6 * expected);
  }
}

TEST_CASE("bootcamp: --pairs lists the candidates of the seed, each once") {
  const std::vector<std::string> texts = concatenated_documents();
  if (texts.empty()) return;
  const TemporaryCorpus corpus;
  corpus.write_documents("all.jsonl", texts);
  for (const std::uint64_t seed : {1, 2, 1234}) {
    Options options;
    options.common.seed = seed;
    options.pairs = corpus.path("pairs.jsonl");
    corpus.deduplicate({"all.jsonl"}, options);
    CHECK(corpus.lines("pairs.jsonl").size() ==
          static_cast<std::size_t>(candidates_of(shingle_sets(texts), 20, seed)));
  }
}

TEST_CASE(
    "bootcamp, all first and all second articles: 75 of 146 go from .6 to .9, within and across files") {
  const std::vector<ArticlePair> rows = bootcamp_rows();
  if (rows.empty()) return;
  std::vector<std::string> first, second;
  for (const ArticlePair& row : rows) {
    first.push_back(row.first);
    second.push_back(row.second);
  }
  const TemporaryCorpus corpus;
  corpus.write_documents("first.jsonl", first);
  corpus.write_documents("second.jsonl", second);
  for (const double threshold : {0.6, 0.7, 0.8, 0.9})
    CHECK(146 - corpus.deduplicate({"first.jsonl", "second.jsonl"}, certain(threshold)).size() == 75);

  // The same from shingles alone: 111 pairs lie at .6 or above.
  first.insert(first.end(), second.begin(), second.end());
  const ShingleSets sets = shingle_sets(first);
  int similar = 0;
  for (std::size_t i = 0; i < sets.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) similar += jaccard(sets[i], sets[j]) >= 0.6 ? 1 : 0;
  CHECK(similar == 111);
}
