#include "apps/gpt-dedup/near/bucket_comparer.hpp"

#include <map>
#include <numeric>
#include <random>

#include <doctest/doctest.h>

#include "apps/gpt-dedup/near/minhash.hpp"
#include "apps/gpt-dedup/near/representatives.hpp"
#include "apps/gpt-dedup/near/signature_store.hpp"

using namespace gpt::dedup;

namespace {

class MapTexts : public Texts {
 public:
  std::map<DocumentId, std::string> texts;
  mutable int reads = 0;
  std::string text_or_throw(DocumentId document) const override {
    ++reads;
    return texts.at(document);
  }
};

// Documents that all meet in band 0, so that one bucket holds them.
struct Bucket {
  SignatureStore signatures{100};
  DisjointSets groups;
  MapTexts texts;
  MinHashOptions options;
  std::vector<Row> rows;

  void add(const std::string& text) {
    MinHasher hasher(100, 1);
    Shingler shingler({});
    std::vector<std::uint32_t> signature(100);
    hasher.sign(shingler, text, signature);
    std::fill_n(signature.begin(), 5, 7);  // the first band
    const auto document = static_cast<DocumentId>(signatures.size());
    signatures.add(document, signature);
    groups.add();
    texts.texts[document] = text;
    rows.push_back(document);
  }
  // The groups that comparing makes.
  std::vector<std::uint32_t> compared() {
    PairMemory memory(rows.size());
    BucketComparer comparer({signatures, groups, &texts, nullptr, memory}, options);
    Comparisons out;
    comparer.compare(rows, 0, out);
    DisjointSets result;
    for (std::size_t i = 0; i < rows.size(); ++i) result.add();
    for (const auto& [a, b] : out.similar) result.unite(a, b);
    result.flatten();
    return result.names();
  }
};

std::string random_text(std::mt19937& random, std::size_t length) {
  std::string text;
  while (text.size() < length) text += static_cast<char>('a' + random() % 26);
  return text;
}

// `families` unlike texts with `copies` near-equal ones of each, mixed.
Bucket families(std::size_t count, std::size_t copies) {
  std::mt19937 random(4);
  std::vector<std::string> originals;
  for (std::size_t i = 0; i < count; ++i) originals.push_back(random_text(random, 300));
  Bucket bucket;
  for (std::size_t i = 0; i < count * copies; ++i) {
    std::string text = originals[i % count];
    text[random() % text.size()] = '-';
    bucket.add(text);
  }
  return bucket;
}

}  // namespace

TEST_CASE("small and large buckets find the same families") {
  for (const std::size_t copies : {2, 3, 20}) {
    Bucket bucket = families(20, copies);
    CAPTURE(bucket.rows.size());
    const auto groups = bucket.compared();
    for (std::size_t i = 0; i < groups.size(); ++i) CHECK(groups[i] == i % 20);
  }
}

TEST_CASE("a large bucket of unlike documents is compared in linear time, and its duplicates found") {
  std::mt19937 random(8);
  Bucket bucket;
  for (int i = 0; i < 3000; ++i) bucket.add(random_text(random, 60));
  bucket.add(bucket.texts.texts[2990]);
  const auto groups = bucket.compared();
  CHECK(groups.back() == 2990);
  for (std::size_t i = 0; i < 3000; ++i) REQUIRE(groups[i] == i);
}

TEST_CASE(
    "boilerplate with little of its own: at most four documents are read a document of a large bucket") {
  std::mt19937 random(8);
  const std::string notice = random_text(random, 400);
  Bucket bucket;
  for (int i = 0; i < 1000; ++i) bucket.add(notice + random_text(random, 80));  // Jaccard index about .7
  const auto groups = bucket.compared();
  for (std::size_t i = 0; i < 1000; ++i) REQUIRE(groups[i] == i);
  CHECK(bucket.texts.reads <= 5000);
}

namespace {

// Signatures of few different numbers, so that any two agree in many; counts what is looked at.
class CountedSignatures : public Signatures {
 public:
  CountedSignatures(std::size_t rows, std::size_t seeds, std::uint32_t numbers) : seeds_(seeds) {
    std::mt19937 random(9);
    for (std::size_t i = 0; i < rows * seeds; ++i)
      numbers_.push_back((static_cast<std::uint32_t>(random()) % numbers) * 0x01010101);
  }
  mutable std::size_t looks = 0;
  std::size_t size() const override { return numbers_.size() / seeds_; }
  DocumentId document(Row row) const override { return row; }
  std::span<const std::uint32_t> signature(Row row) const override {
    ++looks;
    return std::span(numbers_).subspan(row * seeds_, seeds_);
  }

 private:
  std::size_t seeds_;
  std::vector<std::uint32_t> numbers_;
};

// What Representatives::closest says, by looking at all of them. rows: that which grew last in front.
std::vector<std::pair<Row, std::size_t>> closest_plainly(const Signatures& signatures,
                                                         const std::vector<Row>& rows, Row asked) {
  std::vector<std::pair<Row, std::size_t>> all;
  for (const Row row : rows)
    all.emplace_back(row, agreeing_seeds(signatures.signature(row), signatures.signature(asked)));
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  all.resize(std::min<std::size_t>(all.size(), 4));
  return all;
}

}  // namespace

TEST_CASE("the closest representatives are those of a look at all, which few are looked at for") {
  for (const std::size_t seeds : {1, 31, 100, 4096}) {
    CAPTURE(seeds);
    const CountedSignatures signatures(600, seeds, 3);
    Representatives representatives(signatures, seeds);
    std::vector<Row> rows;
    std::mt19937 random(5);
    std::size_t looks = 0;
    for (Row row = 0; row < 600; ++row) {
      const std::size_t before = signatures.looks;
      const auto closest = representatives.closest(row, 4);
      looks += signatures.looks - before;
      std::vector<std::pair<Row, std::size_t>> seen;
      for (const auto& candidate : closest) {
        seen.emplace_back(candidate.row, candidate.agreeing);
        REQUIRE(rows[candidate.position] == candidate.row);
      }
      REQUIRE(seen == closest_plainly(signatures, rows, row));
      if (!closest.empty() && random() % 4 == 0) {
        const auto at = rows.begin() + static_cast<std::ptrdiff_t>(closest.back().position);
        representatives.grew(closest.back().position);
        std::rotate(rows.begin(), at, at + 1);
      } else {
        representatives.add(row);
        rows.insert(rows.begin(), row);
        if (rows.size() > Representatives::kMost) rows.pop_back();
      }
    }
    CHECK(rows.size() == Representatives::kMost);
    if (seeds >= 100) CHECK(looks < 600 * 40);
  }
}

TEST_CASE("texts without a shingle are compared with none, however many meet") {
  Bucket bucket;
  const std::vector<std::uint32_t> none(100, 0xFFFFFFFF);
  for (DocumentId document = 0; document < 100; ++document) {
    bucket.signatures.add(document, none);
    bucket.groups.add();
    bucket.rows.push_back(document);
  }
  PairMemory memory(100);
  BucketComparer comparer({bucket.signatures, bucket.groups, &bucket.texts, nullptr, memory}, {});
  Comparisons out;
  comparer.compare(bucket.rows, 0, out);
  comparer.compare(std::span(bucket.rows).first(10), 1, out);
  CHECK(out.compared == 0);
  CHECK(out.similar.empty());
}

TEST_CASE("what a memory forgets changes no answer") {
  PairMemory memory(10);
  CHECK_FALSE(memory.recall(0, 1).has_value());
  memory.remember(0, 1, false);
  memory.remember(5, 9, true);
  CHECK(memory.recall(0, 1) == false);
  CHECK(memory.recall(5, 9) == true);
  memory.remember(3, 0x80000001, true);
  CHECK_FALSE(memory.recall(3, 0x80000001).has_value());
  CHECK_FALSE(memory.recall(4, 1).has_value());
}
