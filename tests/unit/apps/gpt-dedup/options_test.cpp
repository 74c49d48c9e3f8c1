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
  for (const std::vector<const char*>& wrong : std::vector<std::vector<const char*>>{
           {},
           {"a", "--seeds", "100", "--bands", "30"},
           {"a", "--seeds", "10", "--bands", "20"},
           {"a", "--threshold", "1.5"},
           {"a", "--char-ngram", "0"},
           {"-", "-"},
           {"a", "--method", "exact", "--pairs", "p"},
           {"a", "--method", "guess"},
           {"a", "--url-key", "u"},
           {"a", "--method", "exact", "--threshold", "0.1"},
           {"a", "--method", "exact", "--bands", "10"},
           {"a", "--method", "exact", "--no-verify"},
           {"a", "--method", "url", "--word-ngram", "3"},
           {"a", "--method", "embedding", "--threshold", "0.5"},
           {"a", "--method", "embedding", "--seeds", "40"},
           {"a", "--method", "embedding", "--vectors", "v", "--dimensions", "9"},
           {"a", "--method", "embedding", "--vectors", "v", "--fold"},
           {"a", "--method", "none", "--unit", "line", "--keep", "longest"},
           {"a", "--on-error", "ignore"}}) {
    CAPTURE(wrong.size());
    CHECK_THROWS_AS(parse(wrong), gpt::cli::UsageError);
  }
}

TEST_CASE("what a method uses is not refused") {
  CHECK(parse({"a", "--method", "url", "--url-key", "u", "--keep", "longest"}).url_key == "u");
  CHECK(parse({"a", "--method", "embedding", "--word-ngram", "2", "--fold", "--dimensions", "9"})
            .embedding.dimensions == 9);
  CHECK(parse({"a", "--method", "embedding", "--vectors", "v", "--cosine", "0.5"}).embedding.cosine == 0.5);
}
