#include "apps/gpt-bpe-train/options.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include <CLI/CLI.hpp>

#include "libcommon/cli/errors.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::bpe_train {
namespace {

constexpr const char* kSummary =
    "Learn a byte-level BPE vocabulary from text: vocab.json and merges.txt as GPT-2's";
constexpr const char* kExamples =
    "  gpt-bpe-train unique.jsonl -o vocab --vocab-size 32000\n"
    "  gpt-bpe-train *.txt.zst -o vocab --vocab-size 50257 --min-frequency 2\n"
    "  zcat pages.jsonl.gz | gpt-bpe-train - -o vocab --vocab-size 8000 --special-tokens "
    "'<|endoftext|>,<pad>'\n";

const std::map<std::string, Unit> kUnits = {{"line", Unit::line}, {"document", Unit::document}};
const std::map<std::string, Alphabet> kAlphabets = {{"all", Alphabet::all}, {"none", Alphabet::none}};
const std::map<std::string, InputFormat> kFormats = {
    {"auto", InputFormat::by_name}, {"jsonl", InputFormat::jsonl}, {"text", InputFormat::text}};

std::vector<std::string> special_tokens_or_throw(std::string_view list) {
  std::vector<std::string> tokens;
  std::set<std::string> seen;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    const std::string token(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
    if (token.empty()) throw cli::UsageError("--special-tokens has an empty name between its commas");
    if (!text::is_valid_utf8(token)) throw cli::UsageError("--special-tokens is not valid UTF-8");
    if (!seen.insert(token).second) throw cli::UsageError("--special-tokens names '" + token + "' twice");
    tokens.push_back(token);
  }
  return tokens;
}

template <class Value>
void add_choice(CLI::App& app, const std::string& name, Value& value, const std::string& help,
                const std::map<std::string, Value>& choices) {
  app.add_option_function<std::string>(
         name, [&value, &choices](const std::string& text) { value = choices.at(text); }, help)
      ->check(CLI::IsMember(choices));
}

}  // namespace

Options parse_options(int argc, const char* const* argv) {
  cli::Command command("gpt-bpe-train", kSummary, kExamples);
  Options options;
  std::string special_tokens = "<|endoftext|>";
  std::string on_error = "fail";
  bool add_prefix_space = false;
  auto& app = command.app();
  app.add_option("inputs,--infile", options.count.inputs,
                 "Text or JSON Lines files, plain, .gz or .zst; '-' is stdin")
      ->required()
      ->type_name("INPUT");
  app.add_option("-o,--output,--bpe-path", options.output, "Folder for vocab.json and merges.txt")
      ->required()
      ->type_name("FOLDER");
  app.add_option("--vocab-size", options.trainer.vocabulary_size,
                 "Entries of the vocabulary: special tokens, alphabet and merges")
      ->required()
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 30))
      ->type_name("N");
  app.add_option("--special-tokens", special_tokens, "Tokens that get the first ids, with commas between")
      ->capture_default_str()
      ->type_name("A,B");
  app.add_option("--min-frequency", options.trainer.min_frequency, "Merge no pair that is seen less often")
      ->capture_default_str()
      ->type_name("N");
  app.add_flag("--add-prefix-space,!--no-add-prefix-space", add_prefix_space,
               "Read each unit of text as if it began with a space; off by default, as in GPT-2");
  add_choice(app, "--initial-alphabet", options.trainer.alphabet,
             "all: a token for each of the 256 bytes; none: for those seen [all]", kAlphabets);
  add_choice(app, "--unit", options.count.unit,
             "What is split into words at a time: a line with its end, or a whole document [line]", kUnits);
  add_choice(app, "--input-format", options.count.format,
             "auto: .txt files are text, one document a line, all else is JSON Lines [auto]", kFormats);
  app.add_option("--json-key", options.count.json_key, "Field that holds the text")
      ->capture_default_str()
      ->type_name("KEY");
  app.add_option("--on-error", on_error, "Stop at a record that cannot be read, or skip it")
      ->check(CLI::IsMember({"fail", "skip"}))
      ->capture_default_str();

  options.common = command.parse(argc, argv);
  if (std::count(options.count.inputs.begin(), options.count.inputs.end(), "-") > 1)
    throw cli::UsageError("- (stdin) is given twice as an input");
  options.trainer.special_tokens = special_tokens_or_throw(special_tokens);
  options.count.on_error = io::on_error_of_name(on_error);
  options.count.threads = options.common.threads;
  options.count.prefix_space = add_prefix_space ? PrefixSpace::add : PrefixSpace::keep;
  return options;
}

}  // namespace gpt::bpe_train
