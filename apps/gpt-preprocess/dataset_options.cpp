#include "apps/gpt-preprocess/dataset_options.hpp"

#include <numeric>
#include <string_view>

#include <CLI/CLI.hpp>

#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/number_range.hpp"

namespace gpt::preprocess {
namespace {

// What a share may be at most: no sum of shares that fits a command line comes near the end of a double.
constexpr double kLargestShare = 1e15;
constexpr double kHighestDocument = 1e15;

std::string prefix_of(std::string name) {
  for (const std::string_view suffix : {".bin", ".idx"}) {
    if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
  }
  return name;
}

std::vector<std::string> prefixes_of(std::vector<std::string> names) {
  for (std::string& name : names) name = prefix_of(std::move(name));
  return names;
}

// The arguments behind the subcommand's word, with the tool's name before them.
std::vector<const char*> without_word(int argc, const char* const* argv) {
  std::vector<const char*> arguments(argv, argv + argc);
  arguments.erase(arguments.begin() + 1);
  return arguments;
}

cli::CommonOptions parse(cli::Command& command, int argc, const char* const* argv) {
  const auto arguments = without_word(argc, argv);
  return command.parse(static_cast<int>(arguments.size()), arguments.data());
}

// A tokenizer that may be given.
class TokenizerOption {
 public:
  explicit TokenizerOption(CLI::App& app) {
    app.add_option("--tokenizer-type", type_, "Kind of the vocabulary")
        ->check(CLI::IsMember({"GPT2BPETokenizer", "HFTokenizer", "HuggingFaceTokenizer",
                               "BertWordPieceLowerCase", "BertWordPieceCase"}))
        ->capture_default_str();
    app.add_option("--vocab-file,--vocab,--tokenizer-model", files_.vocabulary,
                   "The vocabulary the dataset was made with")
        ->type_name("FILE");
    app.add_option("--merge-file", files_.merges, "Its merges.txt, for GPT2BPETokenizer")->type_name("FILE");
  }

  std::optional<tokenizer::TokenizerFiles> resolve() {
    if (files_.vocabulary.empty()) return std::nullopt;
    files_.type = *tokenizer::tokenizer_type_of_name(type_);
    if (files_.type == tokenizer::TokenizerType::gpt2_bpe && files_.merges.empty())
      throw cli::UsageError("--merge-file is required with --vocab-file");
    return files_;
  }

 private:
  std::string type_ = "GPT2BPETokenizer";
  tokenizer::TokenizerFiles files_;
};

}  // namespace

MergeOptions parse_merge_options(int argc, const char* const* argv) {
  cli::Command command("gpt-preprocess merge", "Join datasets into one, their documents in the order given",
                       "  gpt-preprocess merge my-gpt.*-of-*.idx -o my-gpt_text_document\n");
  MergeOptions options;
  command.app()
      .add_option("inputs", options.inputs, "Prefixes of the datasets")
      ->required()
      ->type_name("PREFIX");
  command.app()
      .add_option("-o,--output,--output-prefix", options.output, "Prefix of the new dataset")
      ->required()
      ->type_name("PREFIX");
  options.common = parse(command, argc, argv);
  options.inputs = prefixes_of(std::move(options.inputs));
  options.output = prefix_of(std::move(options.output));
  for (const std::string& input : options.inputs) {
    if (input == options.output) throw cli::UsageError("the output " + input + " is one of the inputs");
  }
  return options;
}

SplitOptions parse_split_options(int argc, const char* const* argv) {
  cli::Command command("gpt-preprocess split", "Cut a dataset into parts by documents, their order kept",
                       "  gpt-preprocess split my-gpt_text_document --parts 4 -o quarter\n"
                       "  gpt-preprocess split my-gpt_text_document --shares 98,1,1 -o my-gpt\n");
  SplitOptions options;
  std::uint64_t parts = 0;
  command.app().add_option("input", options.input, "Prefix of the dataset")->required()->type_name("PREFIX");
  command.app()
      .add_option("-o,--output,--output-prefix", options.output, "The parts are PREFIX.00000-of-0000N")
      ->required()
      ->type_name("PREFIX");
  auto* by_number = command.app()
                        .add_option("--parts", parts, "Number of parts of equal size")
                        ->check(CLI::Range(1, 99999))
                        ->type_name("N");
  command.app()
      .add_option("--shares", options.shares, "Shares of the documents, one a part: 98,1,1")
      ->delimiter(',')
      ->check(cli::number_range(0, kLargestShare))
      ->excludes(by_number)
      ->type_name("A,B,...");
  options.common = parse(command, argc, argv);
  options.input = prefix_of(std::move(options.input));
  if (parts != 0) options.shares.assign(parts, 1.0);
  if (options.shares.empty()) throw cli::UsageError("--parts or --shares is required");
  if (std::accumulate(options.shares.begin(), options.shares.end(), 0.0) <= 0)
    throw cli::UsageError("--shares: all of them are 0");
  return options;
}

InfoOptions parse_info_options(int argc, const char* const* argv) {
  cli::Command command(
      "gpt-preprocess info", "What a dataset holds",
      "  gpt-preprocess info my-gpt_text_document\n"
      "  gpt-preprocess info my-gpt_text_document --decode 0 --vocab-file vocab.json --merge-file "
      "merges.txt\n");
  InfoOptions options;
  command.app().add_option("input", options.input, "Prefix of the dataset")->required()->type_name("PREFIX");
  command.app()
      .add_option("--decode", options.decode, "Show document N (from 0) in place of the numbers")
      ->check(cli::number_range(0, kHighestDocument))
      ->type_name("N");
  TokenizerOption tokenizer(command.app());
  options.common = parse(command, argc, argv);
  options.input = prefix_of(std::move(options.input));
  options.tokenizer = tokenizer.resolve();
  if (!options.decode.empty() && !options.tokenizer)
    throw cli::UsageError("--decode needs --vocab-file, the vocabulary the dataset was made with");
  return options;
}

VerifyOptions parse_verify_options(int argc, const char* const* argv) {
  cli::Command command("gpt-preprocess verify", "Look for damage in datasets",
                       "  gpt-preprocess verify my-gpt_text_document --vocab-size 50257\n");
  VerifyOptions options;
  command.app()
      .add_option("inputs", options.inputs, "Prefixes of the datasets")
      ->required()
      ->type_name("PREFIX");
  command.app()
      .add_option("--vocab-size", options.vocabulary_size, "Every id must be below N")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  TokenizerOption tokenizer(command.app());
  options.common = parse(command, argc, argv);
  options.inputs = prefixes_of(std::move(options.inputs));
  options.tokenizer = tokenizer.resolve();
  return options;
}

}  // namespace gpt::preprocess
