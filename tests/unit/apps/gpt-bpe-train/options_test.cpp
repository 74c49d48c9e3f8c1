#include "apps/gpt-bpe-train/options.hpp"

#include <vector>

#include <doctest/doctest.h>

#include "libcommon/cli/errors.hpp"

using namespace gpt;
using namespace gpt::bpe_train;

namespace {

Options parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "gpt-bpe-train");
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

}  // namespace

TEST_CASE("defaults are GPT-2's: no prefix space, the whole alphabet, <|endoftext|>") {
  const Options options = parse({"a.txt", "b.jsonl.gz", "-o", "v", "--vocab-size", "8000"});
  CHECK(options.count.inputs == std::vector<std::string>{"a.txt", "b.jsonl.gz"});
  CHECK(options.output == "v");
  CHECK(options.trainer.vocabulary_size == 8000);
  CHECK(options.trainer.min_frequency == 0);
  CHECK(options.trainer.special_tokens == std::vector<std::string>{"<|endoftext|>"});
  CHECK(options.trainer.alphabet == Alphabet::all);
  CHECK(options.count.splitting.prefix_space == PrefixSpace::keep);
  CHECK(options.count.unit == Unit::line);
  CHECK(options.count.json_key == "text");
}

TEST_CASE("every option is heard") {
  const Options options = parse({"--infile",
                                 "a",
                                 "--bpe_path",
                                 "v",
                                 "--vocab_size=300",
                                 "--special-tokens",
                                 "<s>,</s>",
                                 "--min-frequency",
                                 "2",
                                 "--add-prefix-space",
                                 "--initial-alphabet",
                                 "none",
                                 "--unit",
                                 "document",
                                 "--json-key",
                                 "body",
                                 "--on-error",
                                 "skip",
                                 "--input-format",
                                 "text"});
  CHECK(options.count.inputs == std::vector<std::string>{"a"});
  CHECK(options.output == "v");
  CHECK(options.trainer.special_tokens == std::vector<std::string>{"<s>", "</s>"});
  CHECK(options.trainer.min_frequency == 2);
  CHECK(options.count.splitting.prefix_space == PrefixSpace::add);
  CHECK(options.trainer.alphabet == Alphabet::none);
  CHECK(options.count.unit == Unit::document);
  CHECK(options.count.json_key == "body");
  CHECK(options.count.on_error == io::OnError::skip);
  CHECK(options.count.format == InputFormat::text);
  CHECK(parse({"a", "-o", "v", "--vocab-size", "9", "--no-add-prefix-space"}).count.splitting.prefix_space ==
        PrefixSpace::keep);
  CHECK(parse({"a", "-o", "v", "--vocab-size", "9", "--special-tokens", ""}).trainer.special_tokens.empty());
}

TEST_CASE("wrong usage is refused") {
  CHECK_THROWS_AS(parse({"a", "-o", "v"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"a", "--vocab-size", "9"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"-", "-", "-o", "v", "--vocab-size", "9"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"-o", "v", "--vocab-size", "9"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"a", "-o", "v", "--vocab-size", "0"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"a", "-o", "v", "--vocab-size", "9", "--unit", "word"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"a", "-o", "v", "--vocab-size", "9", "--special-tokens", "a,,b"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"a", "-o", "v", "--vocab-size", "9", "--special-tokens", "a,a"}), cli::UsageError);
}
