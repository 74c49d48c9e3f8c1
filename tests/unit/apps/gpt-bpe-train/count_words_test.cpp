#include "apps/gpt-bpe-train/count/count_words.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

#include "libcommon/io/errors.hpp"

using namespace gpt;
using namespace gpt::bpe_train;

namespace {

using Counts = std::map<std::string, std::uint64_t>;

// A file of its own for a test case.
class ScratchFile {
 public:
  ScratchFile(const std::string& name, const std::string& bytes) {
    std::string folder = (std::filesystem::temp_directory_path() / "gpt-count-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("cannot make a scratch folder");
    folder_ = folder;
    path_ = (folder_ / name).string();
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~ScratchFile() { std::filesystem::remove_all(folder_); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::filesystem::path folder_;
  std::string path_;
};

CountResult count(const std::string& name, const std::string& bytes, CountTask task = {}) {
  const ScratchFile file(name, bytes);
  task.inputs = {file.path()};
  return count_words_or_throw(task, [](std::uint64_t) {});
}

Counts words_of(const CountResult& result) {
  Counts counts;
  result.words.table.for_each([&](std::string_view word, std::uint64_t n) { counts.emplace(word, n); });
  return counts;
}

}  // namespace

TEST_CASE("text is read line by line with line ends, so no word reaches across lines") {
  const auto result = count("a.txt", "a a\n\n\nb\r\n b");
  CHECK(words_of(result) == Counts{{"a", 1}, {" a", 1}, {"\n", 3}, {"b", 1}, {"\r\n", 1}, {" b", 1}});
  CHECK(result.summary.documents == 5);
  CHECK(result.summary.text_bytes == 11);
  CHECK(result.summary.input_bytes == 11);
}

TEST_CASE("as documents, lines lose their ends") {
  CountTask task;
  task.unit = Unit::document;
  CHECK(words_of(count("a.txt", "a\r\nb\n", task)) == Counts{{"a", 1}, {"b", 1}});
}

TEST_CASE("JSON Lines by line and by document") {
  const std::string lines = "{\"text\":\"a\\n\\nb\"}\n\n{\"id\":1,\"text\":\"b\"}\n";
  CHECK(words_of(count("a.jsonl", lines)) == Counts{{"a", 1}, {"\n", 2}, {"b", 2}});
  CountTask task;
  task.unit = Unit::document;
  const auto result = count("a.jsonl", lines, task);
  // The run "\n\n" leaves its last character before a visible one.
  CHECK(words_of(result) == Counts{{"a", 1}, {"\n", 2}, {"b", 2}});
  CHECK(words_of(count("a.jsonl", "{\"text\":\"a\\n\\n\\nb\"}\n", task)) ==
        Counts{{"a", 1}, {"\n\n", 1}, {"\n", 1}, {"b", 1}});
  CHECK(result.summary.documents == 2);
}

TEST_CASE("another field, and formats by name or by choice") {
  CountTask task;
  task.json_key = "body";
  CHECK(words_of(count("a.jsonl", "{\"body\":\"x\",\"text\":\"y\"}\n", task)) == Counts{{"x", 1}});
  task.format = InputFormat::text;
  CHECK(words_of(count("a.jsonl", "{}\n", task)) == Counts{{"{}", 1}, {"\n", 1}});
  task.format = InputFormat::jsonl;
  CHECK(words_of(count("a.txt", "{\"body\":\"x\"}", task)) == Counts{{"x", 1}});
}

TEST_CASE("a prefix space is added where a unit has none") {
  CountTask task;
  task.splitting.prefix_space = PrefixSpace::add;
  CHECK(words_of(count("a.txt", "a\n b\n\n", task)) == Counts{{" a", 1}, {" b", 1}, {"\n", 2}, {" \n", 1}});
}

TEST_CASE("bad records are named or skipped") {
  const std::string bad = "fine\nbro\xFFken\nfine\n";
  CHECK_THROWS_WITH_AS(count("a.txt", bad), doctest::Contains("a.txt:2: not valid UTF-8"), io::DataError);
  CountTask task;
  task.on_error = io::OnError::skip;
  const auto text = count("a.txt", bad, task);
  CHECK(words_of(text) == Counts{{"fine", 2}, {"\n", 2}});
  CHECK(text.errors.count() == 1);
  CHECK_THROWS_WITH_AS(count("a.jsonl", "{\"text\":\"a\"}\n{\"text\":\n"), doctest::Contains("a.jsonl:2:"),
                       io::DataError);
  const auto json = count("a.jsonl", "{\"text\":\"a\"}\n{}\n{\"text\":1}\nnone\n{\"text\":\"b\"}\n", task);
  CHECK(words_of(json) == Counts{{"a", 1}, {"b", 1}});
  CHECK(json.errors.count() == 3);
}

TEST_CASE("counts and line numbers are the same for any number of threads and across blocks") {
  std::string text;
  for (int i = 0; i < 400000; ++i) text += "word" + std::to_string(i % 5000) + (i % 7 == 0 ? "\n" : " ");
  CountTask task;
  const auto one = count("a.txt", text, task);
  CHECK(one.summary.input_bytes == text.size());
  task.threads = 4;
  CHECK(words_of(count("a.txt", text, task)) == words_of(one));

  text += '\n';
  const auto lines = std::count(text.begin(), text.end(), '\n');
  for (const int threads : {1, 4}) {
    task.threads = threads;
    const std::string place = "a.txt:" + std::to_string(lines + 1) + ":";
    CHECK_THROWS_WITH_AS(count("a.txt", text + "\xFF\n" + text, task), doctest::Contains(place.c_str()),
                         io::DataError);
  }
}

TEST_CASE("a line longer than a block stays whole") {
  const std::string line(3 << 20, 'x');
  CHECK(words_of(count("a.txt", "a\n" + line + "\nb")) == Counts{{"a", 1}, {"\n", 2}, {line, 1}, {"b", 1}});
}

TEST_CASE("the sample of a text is the same in ranges, blocks and threads") {
  std::string text;
  for (int i = 0; i < 200000; ++i) text += "line" + std::to_string(i) + "\n";
  const ScratchFile file("a.txt", text);
  CountTask task;
  task.inputs = {file.path()};
  task.sample = Sample(0.3, 5);
  const auto counted = [&](io::Shard shard, int threads) {
    CountTask share = task;
    share.shard = shard;
    share.threads = threads;
    return count_words_or_throw(share, [](std::uint64_t) {});
  };
  const auto whole = counted({}, 1);
  CHECK(whole.summary.documents + whole.summary.documents_left_out == 200000);
  CHECK(whole.summary.documents > 59000);
  CHECK(whole.summary.documents < 61000);
  CHECK(words_of(counted({}, 3)) == words_of(whole));
  Counts together;
  for (int rank = 0; rank < 3; ++rank) {
    for (const auto& [word, count] : words_of(counted({rank, 3}, 1))) together[word] += count;
  }
  CHECK(together == words_of(whole));
}
