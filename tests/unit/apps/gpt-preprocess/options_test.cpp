#include "apps/gpt-preprocess/options.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "apps/gpt-preprocess/dataset_options.hpp"
#include "libcommon/cli/errors.hpp"

using namespace gpt;
using namespace gpt::preprocess;

namespace {

Options parse(std::vector<const char*> more) {
  std::vector<const char*> arguments = {"gpt-preprocess", "--output-prefix", "p", "--vocab-file",
                                        "v.json",         "--merge-file",    "m"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

}  // namespace

TEST_CASE("the command line of the Megatron-LM workflow is understood") {
  const std::vector<const char*> arguments = {
      "gpt-preprocess",   "--input",        "my-corpus.json", "--output-prefix",
      "my-gpt",           "--vocab",        "gpt-vocab.txt",  "--merge-file",
      "gpt-merges.txt",   "--dataset-impl", "mmap",           "--tokenizer-type",
      "GPT2BPETokenizer", "--append-eod",   "--workers",      "80"};
  const Options options = parse_options(static_cast<int>(arguments.size()), arguments.data());
  CHECK(options.inputs == std::vector<std::string>{"my-corpus.json"});
  CHECK(options.output_prefix == "my-gpt");
  CHECK(options.tokenizer.vocabulary == "gpt-vocab.txt");
  CHECK(options.tokenizer.merges == "gpt-merges.txt");
  CHECK(options.common.threads == 80);
  CHECK(options.encode.eod == EndOfDocument::append);
  CHECK(options.encode.empty == EmptyDocuments::leave_out);
  CHECK(options.encode.keys == std::vector<std::string>{"text"});
}

TEST_CASE("several inputs and fields, underscores") {
  const Options options = parse({"--input", "a.jsonl", "b.jsonl", "--json_keys", "text", "title",
                                 "--keep_empty", "--log-interval", "50", "--on-error", "skip"});
  CHECK(options.inputs == std::vector<std::string>{"a.jsonl", "b.jsonl"});
  CHECK(options.encode.keys == std::vector<std::string>{"text", "title"});
  CHECK(options.encode.empty == EmptyDocuments::keep);
  CHECK(options.encode.on_error == io::OnError::skip);
  CHECK(options.log_interval == 50);
}

TEST_CASE("wrong usage is refused") {
  CHECK_THROWS_AS(parse({}), cli::UsageError);
  CHECK_THROWS_AS(parse({"--input", "a", "--tokenizer-type", "Nonesuch"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"--input", "a", "--dataset-impl", "lazy"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"--input", "a", "--json-keys", "x", "x"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"--input", "a", "--json-keys", "../x"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"--input", "a.txt", "--json-keys", "x", "y"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"--input", "-", "-"}), cli::UsageError);
}

TEST_CASE("shares are finite, and so is their sum") {
  const auto shares = [](const char* list) {
    const std::vector<const char*> arguments = {"gpt-preprocess", "split",    "whole", "-o",
                                                "part",           "--shares", list};
    return parse_split_options(static_cast<int>(arguments.size()), arguments.data()).shares;
  };
  CHECK(shares("98,1,1") == std::vector<double>{98, 1, 1});
  CHECK(shares("0,1e-300") == std::vector<double>{0, 1e-300});
  for (const char* const list : {"nan,1", "1,inf", "0,1e308,1e308", "1,-nan", "0,0"})
    CHECK_THROWS_AS(shares(list), cli::UsageError);
}

TEST_CASE("the number of a document does not wrap") {
  const auto decode = [](const std::string& number) {
    const std::string option = "--decode=" + number;
    const std::vector<const char*> arguments = {"gpt-preprocess", "info",   "whole",        option.c_str(),
                                                "--vocab-file",   "v.json", "--merge-file", "m"};
    return parse_info_options(static_cast<int>(arguments.size()), arguments.data()).decode;
  };
  CHECK(decode("7") == std::vector<std::uint64_t>{7});
  for (const char* const number : {"-1", "1e300", "nan", "18446744073709551616"})
    CHECK_THROWS_AS(decode(number), cli::UsageError);
}

TEST_CASE("options of sentences need --split-sentences, but for those of Megatron-LM's scripts") {
  CHECK_THROWS_AS(parse({"--input", "a", "--sentence-mode", "rules"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"--input", "a", "--non-breaking-prefix-file", "own.txt"}), cli::UsageError);
  CHECK_FALSE(parse({"--input", "a", "--lang", "swedish", "--keep-newlines"}).encode.sentences);
  const auto sentences =
      parse({"--input", "a", "--split-sentences", "--sentence-mode", "icu"}).encode.sentences;
  REQUIRE(sentences);
  CHECK(sentences->mode == text::SentenceMode::icu);
  CHECK(parse({"--input", "a", "--split-sentences"}).encode.sentences->mode == text::SentenceMode::rules);
}
