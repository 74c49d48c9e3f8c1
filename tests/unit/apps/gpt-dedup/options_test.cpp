#include "apps/gpt-dedup/options.hpp"

#include <doctest/doctest.h>

#include "libcommon/cli/errors.hpp"

using namespace gpt::dedup;

namespace {

Options parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "gpt-dedup");
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

}  // namespace

TEST_CASE("defaults") {
  const Options options = parse({"a.jsonl"});
  CHECK(options.method == Method::minhash);
  CHECK(options.minhash.shingles.length == 5);
  CHECK(options.minhash.seeds == 100);
  CHECK(options.minhash.bands == 20);
  CHECK(options.minhash.threshold == 0.8);
  CHECK(options.minhash.verify == Verify::shingles);
  CHECK(options.corpus.text_key == "text");
  CHECK(options.corpus.on_error == gpt::io::OnError::fail);
}

TEST_CASE("every option reaches its place") {
  const Options options = parse({"a.jsonl",     "b.jsonl", "-o",          "c.jsonl", "--char_ngram",
                                 "7",           "--seeds", "60",          "--bands", "12",
                                 "--threshold", "0.5",     "--no-verify", "--pairs", "p.jsonl",
                                 "--text-key",  "body",    "--on-error",  "skip",    "--temporary-folder",
                                 "/var/tmp"});
  CHECK(options.corpus.inputs == std::vector<std::string>{"a.jsonl", "b.jsonl"});
  CHECK(options.output == "c.jsonl");
  CHECK(options.minhash.shingles.length == 7);
  CHECK(options.minhash.bands == 12);
  CHECK(options.minhash.verify == Verify::signatures);
  CHECK(options.pairs.value() == "p.jsonl");
  CHECK(options.corpus.text_key == "body");
  CHECK(options.corpus.on_error == gpt::io::OnError::skip);
  CHECK(options.corpus.temporary_folder == "/var/tmp");
}

TEST_CASE("what makes no sense is refused") {
  for (const std::vector<const char*>& wrong :
       std::vector<std::vector<const char*>>{{},
                                             {"a", "--seeds", "100", "--bands", "30"},
                                             {"a", "--seeds", "10", "--bands", "20"},
                                             {"a", "--threshold", "1.5"},
                                             {"a", "--char-ngram", "0"},
                                             {"-", "-"},
                                             {"a", "--method", "exact", "--pairs", "p"},
                                             {"a", "--method", "guess"},
                                             {"a", "--on-error", "ignore"}}) {
    CAPTURE(wrong.size());
    CHECK_THROWS_AS(parse(wrong), gpt::cli::UsageError);
  }
}
