#include <algorithm>
#include <cmath>
#include <random>

#include <doctest/doctest.h>

#include "apps/gpt-dedup/digest_stage.hpp"
#include "apps/gpt-dedup/filter_stage.hpp"
#include "apps/gpt-dedup/near/shingle_set.hpp"
#include "libcommon/io/errors.hpp"
#include "tests/unit/apps/gpt-dedup/temporary_corpus.hpp"

using namespace gpt::dedup;

namespace {

Options near(double threshold) {
  Options options;
  options.minhash.seeds = 400;
  options.minhash.bands = 100;
  options.minhash.threshold = threshold;
  return options;
}

std::string random_text(std::mt19937& random, std::size_t length) {
  std::string text;
  while (text.size() < length) text += static_cast<char>('a' + random() % 26);
  return text;
}

// 40 families of 5: a text, and copies of it with a growing number of edits.
std::vector<std::string> families() {
  std::mt19937 random(11);
  std::vector<std::string> texts;
  for (int family = 0; family < 40; ++family) {
    const std::string original = random_text(random, 600);
    for (int copy = 0; copy < 5; ++copy) {
      std::string text = original;
      for (int edit = 0; edit < 8 * copy - 4; ++edit) text[random() % text.size()] = '-';
      texts.push_back(text);
    }
  }
  std::shuffle(texts.begin(), texts.end(), random);
  return texts;
}

// What must be kept: the first of each connected component of pairs at or above the threshold.
std::vector<std::size_t> kept_by_all_pairs(const std::vector<std::string>& texts, double threshold) {
  Shingler shingler({.length = 5});
  std::vector<std::vector<std::uint64_t>> sets;
  for (const std::string& text : texts) sets.push_back(shingle_set(shingler, text));
  std::vector<std::size_t> group(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    group[i] = i;
    for (std::size_t j = 0; j < i; ++j) {
      if (jaccard(sets[i], sets[j]) < threshold || group[i] == group[j]) continue;
      const std::size_t low = std::min(group[i], group[j]);
      const std::size_t high = std::max(group[i], group[j]);
      for (std::size_t k = 0; k <= i; ++k)
        if (group[k] == high) group[k] = low;
    }
  }
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < texts.size(); ++i)
    if (group[i] == i) kept.push_back(i);
  return kept;
}

std::vector<std::string> as_lines(const std::vector<std::string>& texts,
                                  const std::vector<std::size_t>& kept) {
  std::vector<std::string> lines;
  for (const std::size_t i : kept) lines.push_back("{\"text\":" + gpt::io::json_string(texts[i]) + "}");
  return lines;
}

}  // namespace

TEST_CASE("what is kept is what comparing all pairs would keep") {
  const std::vector<std::string> texts = families();
  const TemporaryCorpus corpus;
  corpus.write_documents("all.jsonl", texts);
  for (const double threshold : {0.6, 0.75, 0.9}) {
    CAPTURE(threshold);
    const auto expected = kept_by_all_pairs(texts, threshold);
    CHECK(expected.size() >= 40);
    CHECK(expected.size() < 200);
    CHECK(corpus.deduplicate({"all.jsonl"}, near(threshold)) == as_lines(texts, expected));
  }
}

TEST_CASE("threads, pairs and verification leave the kept documents as they are") {
  const TemporaryCorpus corpus;
  corpus.write_documents("all.jsonl", families());
  Options options = near(0.75);
  options.common.threads = 1;
  const auto reference = corpus.deduplicate({"all.jsonl"}, options);
  options.pairs = corpus.path("pairs1.jsonl");
  CHECK(corpus.deduplicate({"all.jsonl"}, options) == reference);
  for (const int threads : {2, 3, 7}) {
    options.common.threads = threads;
    options.pairs = corpus.path("pairs" + std::to_string(threads) + ".jsonl");
    CHECK(corpus.deduplicate({"all.jsonl"}, options) == reference);
    CHECK(corpus.bytes("pairs" + std::to_string(threads) + ".jsonl") == corpus.bytes("pairs1.jsonl"));
  }
}

TEST_CASE("listed pairs are distinct, ascend, and carry the true Jaccard index") {
  const std::vector<std::string> texts = families();
  const TemporaryCorpus corpus;
  corpus.write_documents("all.jsonl", texts);
  Options options = near(0.75);
  options.pairs = corpus.path("pairs.jsonl");
  corpus.deduplicate({"all.jsonl"}, options);
  Shingler shingler({.length = 5});
  std::pair<long, long> last = {0, 0};
  std::size_t close = 0;
  for (const std::string& line : corpus.lines("pairs.jsonl")) {
    const auto number_after = [&](const std::string& key, std::size_t from) {
      const std::size_t at = line.find(key, from);
      REQUIRE(at != std::string::npos);
      return std::stod(line.substr(at + key.size()));
    };
    const auto first = static_cast<long>(number_after("\"line\":", 0));
    const auto second = static_cast<long>(number_after("\"line\":", line.find("\"second\"")));
    CHECK(std::pair{first, second} > last);
    CHECK(first < second);
    last = {first, second};
    const auto set = shingle_set(shingler, texts[static_cast<std::size_t>(first - 1)]);
    const double truth = jaccard(set, shingle_set(shingler, texts[static_cast<std::size_t>(second - 1)]));
    CHECK(number_after("\"jaccard\":", 0) == doctest::Approx(truth));
    close += std::abs(number_after("\"signature\":", 0) - truth) < 0.1 ? 1 : 0;
  }
  CHECK(close > 100);
}

TEST_CASE("equal documents go, the first stays, order and fields are untouched") {
  const TemporaryCorpus corpus;
  corpus.write("a.jsonl",
               "{\"id\": 1,  \"text\":\"Hej  v\\u00e4rlden\", \"x\":[1,2]}\n"
               "\n"
               "{\"text\":\"en annan\",\"id\":2}\r\n"
               "{\"text\":\"HEJ VÄRLDEN\",\"id\":3}\n");
  corpus.write("b.jsonl", "{\"text\":\"En  annan\"}\n{\"text\":\"ny\"}");
  Options options;
  options.method = Method::exact;
  const std::vector<std::string> expected = {"{\"id\": 1,  \"text\":\"Hej  v\\u00e4rlden\", \"x\":[1,2]}",
                                             "{\"text\":\"en annan\",\"id\":2}\r", "{\"text\":\"ny\"}"};
  CHECK(corpus.deduplicate({"a.jsonl", "b.jsonl"}, options) == expected);
  CHECK(corpus.deduplicate({"a.jsonl", "b.jsonl"}) == expected);
}

TEST_CASE("short and empty documents are told apart") {
  const TemporaryCorpus corpus;
  corpus.write_documents("short.jsonl", {"", "a", "b", "", "ab", " ", "a"});
  CHECK(corpus.deduplicate({"short.jsonl"}).size() == 4);
}

TEST_CASE("texts become records and records texts when the formats differ") {
  const TemporaryCorpus corpus;
  corpus.write("lines.txt", "första raden\nandra \"raden\"\nförsta raden\n");
  CHECK(corpus.deduplicate({"lines.txt"}) ==
        std::vector<std::string>{"{\"text\":\"första raden\"}", "{\"text\":\"andra \\\"raden\\\"\"}"});
}

TEST_CASE("a bad record stops or is skipped and leaves the others as they are") {
  const TemporaryCorpus corpus;
  corpus.write(
      "bad.jsonl",
      "{\"text\":\"one\"}\n{\"text\":\n{\"txt\":\"two\"}\n{\"text\":\"three\"}\n{\"text\":\"one\"}\n");
  CHECK_THROWS_AS(corpus.deduplicate({"bad.jsonl"}), gpt::io::DataError);
  Options options;
  options.corpus.on_error = gpt::io::OnError::skip;
  CHECK(corpus.deduplicate({"bad.jsonl"}, options) ==
        std::vector<std::string>{"{\"text\":\"one\"}", "{\"text\":\"three\"}"});
}

TEST_CASE("an input that shrinks between two readings is noticed") {
  const TemporaryCorpus folder;
  folder.write_documents("a.jsonl", {"one", "two", "three"});
  folder.write_documents("b.jsonl", {"four"});
  Options options;
  options.common.threads = 1;
  options.common.progress = gpt::log::ProgressMode::off;
  options.output = folder.path("out.jsonl");
  Corpus corpus({folder.path("a.jsonl"), folder.path("b.jsonl")}, std::nullopt, folder.path(""));
  DigestedCorpus digested = digest_corpus(corpus, options);
  folder.write_documents("a.jsonl", {"one"});
  gpt::io::OutputFile output(options.output);
  CHECK_THROWS_WITH(
      write_kept(corpus, digested.catalogue, digested.lines_of_files, std::vector<bool>(4, true), 0,
                 {options.output, options.corpus.text_key, options.common}, output),
      "the inputs changed while they were read: 4 documents at first, then 2");
}

TEST_CASE("many equal and many near-equal documents take no quadratic time") {
  const TemporaryCorpus corpus;
  std::mt19937 random(3);
  const std::string base = random_text(random, 400);
  std::vector<std::string> texts(20000, base);
  for (int i = 0; i < 3000; ++i) texts.push_back(base + std::to_string(i));
  corpus.write_documents("many.jsonl", texts);
  CHECK(corpus.deduplicate({"many.jsonl"}).size() == 1);
}
