#include "apps/gpt-bpe-train/learn/bpe_trainer.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include <doctest/doctest.h>
#include <simdjson.h>

#include "apps/gpt-bpe-train/count/count_words.hpp"
#include "libcommon/io/byte_source.hpp"
#include "libcommon/tokenizer/vocabulary_files.hpp"

using namespace gpt;
using namespace gpt::bpe_train;

namespace {

using Merges = std::vector<std::pair<std::string, std::string>>;

TrainedVocabulary train(const WordCounts& words, const TrainerSettings& settings) {
  return train_bpe_or_throw(words, settings, [](std::uint64_t) {});
}

struct Case {
  const char* name;
  PrefixSpace prefix_space;
  TrainerSettings settings;
};

const std::vector<std::string> kEndOfText = {"<|endoftext|>"};
const std::vector<std::string> kFive = {"<s>", "<pad>", "</s>", "<unk>", "<mask>"};

void check_case(const std::string& input, const std::string& vocabulary_path, const std::string& merges_path,
                const Case& reference) {
  for (const int threads : {1, 3}) {
    CountTask task;
    task.inputs = {input};
    task.splitting.prefix_space = reference.prefix_space;
    task.threads = threads;
    const auto counts = count_words_or_throw(task, [](std::uint64_t) {});
    const auto vocabulary = train(counts.words.table, reference.settings);
    CAPTURE(reference.name);
    CHECK(tokenizer::vocabulary_json(vocabulary.tokens) == io::read_file_or_throw(vocabulary_path));
    CHECK(tokenizer::merges_text(vocabulary.merges) == io::read_file_or_throw(merges_path));
  }
}

}  // namespace

TEST_CASE("the files are those of Hugging Face tokenizers on the project's own corpus") {
  const std::string folder = GPT_SOURCE_DIR "/tests/data/bpe/";
  const Case cases[] = {
      {"plain", PrefixSpace::keep, {600, 2, kEndOfText, Alphabet::all}},
      {"prefix", PrefixSpace::add, {500, 0, kFive, Alphabet::all}},
      {"noalphabet", PrefixSpace::keep, {400, 0, kEndOfText, Alphabet::none}},
      {"exhausted", PrefixSpace::keep, {60000, 0, kEndOfText, Alphabet::all}},
  };
  for (const Case& reference : cases) {
    const std::string name = folder + reference.name;
    check_case(folder + "corpus.txt", name + "-vocab.json", name + "-merges.txt", reference);
  }
}

// The cases of ROOT/golden/bpe.json; their inputs lie in one of the folders of the test data.
static void check_golden(const std::string& root) {
  simdjson::dom::parser parser;
  const simdjson::dom::object cases = parser.load(root + "/golden/bpe.json").get_object();
  REQUIRE(cases.size() > 0);
  for (const auto field : cases) {
    const simdjson::dom::element json = field.value;
    const std::string name(field.key);
    Case reference{name.c_str(), bool(json["add_prefix_space"]) ? PrefixSpace::add : PrefixSpace::keep, {}};
    reference.settings.vocabulary_size = std::uint64_t(json["vocab_size"]);
    reference.settings.min_frequency = std::uint64_t(json["min_frequency"]);
    reference.settings.alphabet = bool(json["initial_alphabet"]) ? Alphabet::all : Alphabet::none;
    for (const auto token : json["special_tokens"].get_array())
      reference.settings.special_tokens.emplace_back(std::string_view(token));
    const std::string input{std::string_view(json["input"].at(0))};
    std::string path;
    for (const char* folder : {"/golden/", "/", "/tinyshakespeare/"}) {
      if (std::filesystem::exists(root + folder + input)) path = root + folder + input;
    }
    const std::string files = root + "/golden/bpe_" + name;
    check_case(path, files + "/vocab.json", files + "/merges.txt", reference);
  }
}

TEST_CASE("the files are those of Hugging Face tokenizers on the multilingual corpus") {
  check_golden(GPT_SOURCE_DIR "/tests/data");
}

TEST_CASE("the files are those of Hugging Face tokenizers on the larger corpora") {
  const char* data = std::getenv("GPT_TEST_DATA");
  if (data == nullptr) {
    MESSAGE("GPT_TEST_DATA is unset: training on the larger corpora is not tested");
    return;
  }
  check_golden(data);
}

TEST_CASE("the most frequent pair first, ties by lowest ids, runs from the left") {
  WordCounts words;
  words.add("abab", 5);
  words.add("cd", 10);
  words.add("aaa", 1);
  const auto vocabulary = train(words, {100, 0, {}, Alphabet::none});
  CHECK(vocabulary.tokens == std::vector<std::string>{"a", "b", "c", "d", "ab", "cd", "abab", "aa", "aaa"});
  CHECK(vocabulary.merges == Merges{{"a", "b"}, {"c", "d"}, {"ab", "ab"}, {"a", "a"}, {"aa", "a"}});
  CHECK(vocabulary.corpus_tokens == 5 + 10 + 1);
}

TEST_CASE("a minimum frequency and the vocabulary size end it") {
  WordCounts words;
  words.add("ab", 3);
  words.add("cd", 2);
  CHECK(train(words, {100, 3, {}, Alphabet::none}).merges == Merges{{"a", "b"}});
  CHECK(train(words, {5, 0, {}, Alphabet::none}).merges == Merges{{"a", "b"}});
  CHECK(train(words, {4, 0, {}, Alphabet::none}).merges.empty());
}

TEST_CASE("counts beyond 32 bits keep their order") {
  WordCounts words;
  words.add("ab", (std::uint64_t{1} << 32) + 1);
  words.add("cd", std::uint64_t{1} << 33);
  CHECK(train(words, {5, 0, {}, Alphabet::none}).merges == Merges{{"c", "d"}});
}

TEST_CASE("counts up to 2^63 tokens are exact, more are refused") {
  WordCounts words;
  words.add("ab", std::uint64_t{1} << 61);
  words.add("cd", (std::uint64_t{1} << 61) - 1);
  const auto vocabulary = train(words, {6, 0, {}, Alphabet::none});
  CHECK(vocabulary.merges == Merges{{"a", "b"}, {"c", "d"}});
  CHECK(vocabulary.corpus_tokens == (std::uint64_t{1} << 62) - 1);
  words.add("ef", std::uint64_t{1} << 62);
  CHECK_THROWS_WITH_AS(train(words, {100, 0, {}, Alphabet::none}), doctest::Contains("2^63"),
                       std::length_error);
}

TEST_CASE("a special token that is a byte's symbol shares its id") {
  WordCounts words;
  words.add("ab", 1);
  CHECK(train(words, {3, 0, {"b"}, Alphabet::none}).tokens == std::vector<std::string>{"b", "a", "ab"});
}

TEST_CASE("a vocabulary too small for its alphabet is refused") {
  WordCounts words;
  words.add("a", 1);
  CHECK_THROWS_WITH_AS(train(words, {256, 0, kEndOfText, Alphabet::all}),
                       doctest::Contains("256 entries cannot hold the 257"), std::invalid_argument);
}
