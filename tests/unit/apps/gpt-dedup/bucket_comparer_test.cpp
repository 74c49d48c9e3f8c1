#include "apps/gpt-dedup/near/bucket_comparer.hpp"

#include <map>
#include <numeric>
#include <random>

#include <doctest/doctest.h>

#include "apps/gpt-dedup/near/minhash.hpp"
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
