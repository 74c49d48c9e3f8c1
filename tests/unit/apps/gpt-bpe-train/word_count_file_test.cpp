#include "apps/gpt-bpe-train/count/word_count_file.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

#include "apps/gpt-bpe-train/count/counted_words.hpp"
#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"

using namespace gpt;
using namespace gpt::bpe_train;

namespace {

class ScratchFolder {
 public:
  ScratchFolder() {
    std::string folder = (std::filesystem::temp_directory_path() / "gpt-counts-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("cannot make a scratch folder");
    path_ = folder;
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

using Counts = std::map<std::string, std::uint64_t>;

WordCounts table_of(const Counts& counts) {
  WordCounts table;
  for (const auto& [word, count] : counts) table.add(word, count);
  return table;
}

Counts read_all(SortedWords& words) {
  Counts counts;
  while (const auto word = words.next_or_throw()) {
    CHECK(counts.emplace(word->word, word->count).second);
    CHECK(counts.rbegin()->first == word->word);  // in order
  }
  return counts;
}

void write(const std::string& path, const Counts& counts, const CountsSummary& summary = {}) {
  const WordCounts table = table_of(counts);
  SortedTable sorted(table);
  WordCountWriter writer(path, io::Existing::replace, summary);
  writer.add_all_or_throw(sorted);
  writer.commit_or_throw();
}

// Many words, some of 300 bytes, with bytes above 127.
Counts many(std::size_t count, std::uint64_t step) {
  Counts counts;
  for (std::size_t i = 0; i < count; ++i)
    counts["\xC3\xA5" + std::to_string(i * step) + std::string(i % 100 == 0 ? 300 : 0, 'x')] = i % 7 + 1;
  return counts;
}

}  // namespace

TEST_CASE("word counts come back from their file with everything that is said of them") {
  const ScratchFolder folder;
  Counts counts = many(20000, 1);
  counts["often"] = std::uint64_t{1} << 62;
  CountsSummary summary;
  summary.splitting = {tokenizer::SplitPattern::o200k, PrefixSpace::keep, text::NormalForm::nfkc};
  summary.unit = Unit::document;
  summary.documents = 5;
  summary.text_bytes = std::uint64_t{1} << 60;
  summary.shares = {{77, {3, 16}}};
  summary.dropped = {4, 9, 3};
  write(folder.file("counts"), counts, summary);
  WordCountReader reader(folder.file("counts"));
  CHECK(summary_json(reader.summary()) == summary_json(summary));
  CHECK(read_all(reader) == counts);

  write(folder.file("empty"), {});
  WordCountReader empty(folder.file("empty"));
  CHECK(read_all(empty).empty());
}

TEST_CASE("each damaged byte and each cut of a file of word counts is noticed") {
  const ScratchFolder folder;
  write(folder.file("counts"), {{"a", 1}, {"ab", 300}, {"b", 2}});
  const std::string bytes = io::read_file_or_throw(folder.file("counts"));
  const auto read = [&](const std::string& damaged) {
    std::ofstream(folder.file("damaged"), std::ios::binary) << damaged;
    WordCountReader reader(folder.file("damaged"));
    while (reader.next_or_throw()) {
    }
  };
  CHECK_NOTHROW(read(bytes));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    CAPTURE(i);
    CHECK_THROWS_AS(read(bytes.substr(0, i)), io::DataError);
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    CHECK_THROWS_AS(read(damaged), io::DataError);
  }
  CHECK_THROWS_AS(read(bytes + "x"), io::DataError);
}

TEST_CASE("merged sources add up the counts of a word") {
  const WordCounts a = table_of({{"a", 1}, {"b", 2}});
  const WordCounts b = table_of({{"b", 5}, {"c", 1}});
  std::vector<std::unique_ptr<SortedWords>> sources;
  sources.push_back(std::make_unique<SortedTable>(a));
  sources.push_back(std::make_unique<SortedTable>(b));
  sources.push_back(std::make_unique<SortedTable>(a));
  MergedWords merged(std::move(sources));
  CHECK(read_all(merged) == Counts{{"a", 2}, {"b", 9}, {"c", 1}});

  const WordCounts huge = table_of({{"a", std::uint64_t{1} << 62}});
  std::vector<std::unique_ptr<SortedWords>> too_many;
  too_many.push_back(std::make_unique<SortedTable>(huge));
  too_many.push_back(std::make_unique<SortedTable>(huge));
  MergedWords overflowing(std::move(too_many));
  CHECK_THROWS_AS(overflowing.next_or_throw(), std::overflow_error);
}

TEST_CASE("words in a table, in runs and in files are one corpus, and the folder of runs goes away") {
  const ScratchFolder folder;
  {
    CountedWords counted(folder.file("spill"));
    counted.table = table_of({{"a", 1}, {"z", 1}});
    write(folder.file("counts"), {{"a", 10}, {"b", 1}});
    counted.files = {folder.file("counts")};
    // more runs than may be open at a time
    for (std::uint64_t i = 0; i < 600; ++i) {
      const WordCounts run = table_of({{"a", 100}, {"r" + std::to_string(i), 2}});
      SortedTable sorted(run);
      counted.spill->add_or_throw(sorted);
    }
    CHECK(std::filesystem::exists(folder.file("spill")));
    const TrainingWords taken = take_words_or_throw(std::move(counted), 0);
    CHECK(taken.words.distinct() == 603);
    CHECK(taken.words.total() == 11 + 1 + 1 + 600 * 102);
    CHECK(taken.dropped.below == 0);
  }
  CHECK_FALSE(std::filesystem::exists(folder.file("spill")));
}

TEST_CASE("bounded memory leaves out the rarest words, in files as in a table") {
  const ScratchFolder folder;
  const Counts counts = {{"once", 1}, {"only", 1}, {"twice", 2}, {"thrice", 3}, {"often", 70000}};
  const std::uint64_t memory = training_bytes(5) + training_bytes(6) + training_bytes(5) + 1;
  write(folder.file("counts"), counts);
  for (const bool in_file : {false, true}) {
    CountedWords counted(folder.file("spill"));
    if (in_file) {
      counted.files = {folder.file("counts")};
    } else {
      counted.table = table_of(counts);
    }
    const TrainingWords taken = take_words_or_throw(std::move(counted), memory);
    CHECK(taken.dropped.below == 2);
    CHECK(taken.dropped.words == 2);
    CHECK(taken.dropped.occurrences == 2);
    CHECK(taken.words.distinct() == 3);
  }
  CountedWords counted(folder.file("spill"));
  counted.table = table_of(counts);
  CHECK_THROWS_AS(take_words_or_throw(std::move(counted), 10), std::runtime_error);
}

TEST_CASE("summaries add up where they were counted alike and no share comes twice") {
  CountsSummary sum;
  CountsSummary share;
  share.documents = 3;
  share.shares = {{7, {0, 2}}};
  add_summary_or_throw(sum, share, "a");
  CHECK(sum.shares.size() == 1);
  CHECK(missing_share(sum) == "share 1 of 2 is missing (1 are there)");
  CHECK_THROWS_AS(add_summary_or_throw(sum, share, "a"), io::DataError);
  share.shares = {{7, {1, 2}}};
  add_summary_or_throw(sum, share, "b");
  CHECK(missing_share(sum).empty());
  CHECK_THROWS_AS(add_summary_or_throw(sum, share, "b"), io::DataError);  // though its job is complete
  share.shares = {{7, {1, 3}}};
  CHECK_THROWS_AS(add_summary_or_throw(sum, share, "b"), io::DataError);  // the same inputs in three shares
  share.shares = {{7, {0, 1}}};
  CHECK_THROWS_AS(add_summary_or_throw(sum, share, "b"), io::DataError);  // and whole
  CHECK(sum.documents == 6);
  share.unit = Unit::document;
  CHECK_THROWS_AS(add_summary_or_throw(sum, share, "c"), io::DataError);
}
