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

TEST_CASE("numbers out of range are refused, negative ones too") {
  for (const char* option : {"--min-frequency=-1", "--vocab-size=-1", "--vocab-size=2097153", "--memory=-1",
                             "--limit-alphabet=-1"}) {
    CAPTURE(option);
    CHECK_THROWS_AS(parse({"a", "-o", "v", "--vocab-size", "300", option}), cli::UsageError);
    CHECK_THROWS_AS(parse({"a", "-o", "v", option}), cli::UsageError);
  }
  CHECK(parse({"a", "-o", "v", "--vocab-size", "2097152"}).trainer.vocabulary_size == 2097152);
}

TEST_CASE("the labs' name of the output adds the labs' prefix space, unless something else is said") {
  const auto prefix_space = [](std::vector<const char*> arguments) {
    arguments.insert(arguments.end(), {"--vocab-size", "300", "--infile", "a"});
    return parse(arguments).count.splitting.prefix_space;
  };
  CHECK(prefix_space({"--bpe_path", "v"}) == PrefixSpace::add);
  CHECK(prefix_space({"--bpe-path", "v"}) == PrefixSpace::add);
  CHECK(prefix_space({"--bpe-path", "v", "--no-add-prefix-space"}) == PrefixSpace::keep);
  CHECK(prefix_space({"--bpe-path", "v", "--split-pattern", "cl100k"}) == PrefixSpace::keep);
  CHECK(prefix_space({"-o", "v"}) == PrefixSpace::keep);
  CHECK(prefix_space({"-o", "v", "--add-prefix-space"}) == PrefixSpace::add);
  CHECK_THROWS_AS(prefix_space({"-o", "v", "--bpe-path", "w"}), cli::UsageError);
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

TEST_CASE("words can be cut otherwise, and counted apart") {
  const Options options =
      parse({"a", "--counts-out", "c/words.counts", "--rank", "3", "--world", "8", "--split-pattern", "o200k",
             "--normalization", "nfkc", "--sample", "0.25", "--seed", "7", "--memory", "2M"});
  CHECK(options.counts_out == "c/words.counts");
  CHECK(options.output.empty());
  CHECK(options.count.shard.rank == 3);
  CHECK(options.count.shard.world == 8);
  CHECK(options.count.splitting ==
        WordSplitting{tokenizer::SplitPattern::o200k, PrefixSpace::keep, text::NormalForm::nfkc});
  CHECK(options.count.sample.seed() == 7);
  CHECK(options.count.sample.limit() == std::uint64_t{1} << 62);
  CHECK(options.count.memory == std::uint64_t{2} << 20);
  const Options training = parse({"--from-counts", "a", "b", "-o", "v", "--vocab-size", "300"});
  CHECK(training.from_counts == std::vector<std::string>{"a", "b"});
  CHECK(training.count.sample.limit() == 0);
  CHECK(training.count.memory == 0);
}

TEST_CASE("the labs' flags name their special tokens") {
  const auto tokens =
      parse({"--infile", "a", "--bpe_path", "v", "--vocab_size", "300", "--incl_special_toks"})
          .trainer.special_tokens;
  CHECK(tokens ==
        std::vector<std::string>{"[CLS]", "[BOS]", "[EOS]", "[SEP]", "[PAD]", "[MASK]", "[UNK]", "[EOD]"});
}

TEST_CASE("wrong usage is refused") {
  CHECK_THROWS_AS(parse({"a", "--from-counts", "b", "-o", "v", "--vocab-size", "9"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"-", "--counts-out", "c", "--rank", "0", "--world", "2"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"a", "-o", "v", "--vocab-size", "9", "--rank", "0", "--world", "2"}),
                  cli::UsageError);
  CHECK_THROWS_AS(parse({"a", "-o", "v", "--vocab-size", "9", "--sample", "0"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"a", "-o", "v", "--vocab-size", "9", "--memory", "1K"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"a", "-o", "v"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"a", "--vocab-size", "9"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"-", "-", "-o", "v", "--vocab-size", "9"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"-o", "v", "--vocab-size", "9"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"a", "-o", "v", "--vocab-size", "0"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"a", "-o", "v", "--vocab-size", "9", "--unit", "word"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"a", "-o", "v", "--vocab-size", "9", "--special-tokens", "a,,b"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"a", "-o", "v", "--vocab-size", "9", "--special-tokens", "a,a"}), cli::UsageError);
}
