#include "apps/gpt-bpe-train/options.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "apps/gpt-bpe-train/count/splitting_names.hpp"
#include "apps/gpt-bpe-train/input_format_names.hpp"
#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/number_range.hpp"
#include "libcommon/cli/shard_option.hpp"
#include "libcommon/text/utf8.hpp"
#include "libcommon/tokenizer/merge_table.hpp"

namespace gpt::bpe_train {
namespace {

constexpr const char* kSummary =
    "Learn a vocabulary from text: byte-level BPE as GPT-2's, or WordPiece as BERT's";
constexpr const char* kExamples =
    "  gpt-bpe-train unique.jsonl -o vocab --vocab-size 32000\n"
    "  gpt-bpe-train *.txt.zst -o vocab --vocab-size 50257 --min-frequency 2\n"
    "  zcat pages.jsonl.gz | gpt-bpe-train - -o vocab --vocab-size 8000 --special-tokens "
    "'<|endoftext|>,<pad>'\n"
    "  gpt-bpe-train more.jsonl -o larger --continue-from vocab --vocab-size 40000\n"
    "  gpt-bpe-train *.jsonl --counts-out words.counts --rank 0 --world 16\n"
    "  gpt-bpe-train --from-counts words.*.counts -o vocab --vocab-size 32000\n"
    "\n"
    "Subcommands:\n"
    "  evaluate  measure vocabularies on texts, side by side\n";

constexpr Names<Alphabet, 2> kAlphabets = {{{"all", Alphabet::all}, {"none", Alphabet::none}}};
constexpr Names<Algorithm, 2> kAlgorithms = {{{"bpe", Algorithm::bpe}, {"wordpiece", Algorithm::wordpiece}}};

constexpr std::string_view kStandardTokens = "<|endoftext|>";
constexpr std::string_view kBertTokens = "[PAD],[UNK],[CLS],[SEP],[MASK]";
constexpr std::string_view kLabsTokens = "[CLS],[BOS],[EOS],[SEP],[PAD],[MASK],[UNK],[EOD]";

constexpr std::uint64_t kLeastMemory = std::uint64_t{1} << 16;
constexpr std::uint64_t kMostMemory = std::uint64_t{1} << 60;
constexpr std::size_t kMostEntries = tokenizer::MergeTable::kHighestId + std::size_t{1};

// What was written, before it is turned into Options.
struct Written {
  std::optional<std::string> special_tokens;
  bool incl_special_toks = false;
  bool load_pretrained = false;
  std::string pretrained_gpt_dir;
  std::string on_error = "fail";
  std::string bpe_path;  // the labs' name for the output
  std::optional<bool> add_prefix_space;
  std::optional<bool> lowercase;
  std::optional<std::size_t> limit_alphabet;
  std::optional<std::string> initial_characters;
  double sample = 1;
};

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

template <class Value, std::size_t kSize>
void add_choice(CLI::App& app, const std::string& name, Value& value, const std::string& help,
                const Names<Value, kSize>& choices) {
  std::vector<std::string> names;
  for (const auto& [choice, meaning] : choices) names.emplace_back(choice);
  app.add_option_function<std::string>(
         name, [&value, &choices](const std::string& text) { value = *value_of_name(choices, text); }, help)
      ->check(CLI::IsMember(names));
}

void add_files(CLI::App& app, Options& options, Written& written) {
  app.add_option("inputs,--infile", options.count.inputs,
                 "Text or JSON Lines files, plain, .gz or .zst; '-' is stdin")
      ->type_name("INPUT");
  CLI::Option* const output =
      app.add_option("-o,--output", options.output, "Folder for the vocabulary")->type_name("FOLDER");
  app.add_option(
         "--bpe-path", written.bpe_path,
         "The same by the labs' name, which adds the prefix space unless --no-add-prefix-space is given")
      ->excludes(output)
      ->type_name("FOLDER");
  add_choice(app, "--input-format", options.count.format,
             "auto: .txt files are text, one document a line, all else is JSON Lines [auto]",
             kInputFormatNames);
  app.add_option("--json-key", options.count.json_key, "Field that holds the text")
      ->capture_default_str()
      ->type_name("KEY");
  app.add_option("--on-error", written.on_error, "Stop at a record that cannot be read, or skip it")
      ->check(CLI::IsMember({"fail", "skip"}))
      ->capture_default_str();
}

void add_vocabulary(CLI::App& app, Options& options, Written& written) {
  app.add_option("--vocab-size", options.trainer.vocabulary_size,
                 "Entries of the vocabulary: special tokens, alphabet and merges")
      ->check(CLI::Range(std::size_t{1}, kMostEntries))
      ->type_name("N");
  app.add_option("--special-tokens", written.special_tokens,
                 "Tokens that get the first ids, with commas between [" + std::string(kStandardTokens) +
                     ", or BERT's five]")
      ->type_name("A,B");
  app.add_option("--min-frequency", options.trainer.min_frequency, "Merge no pair that is seen less often")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{INT64_MAX}))
      ->capture_default_str()
      ->type_name("N");
  app.add_option("--evaluate", options.evaluate_on,
                 "Measure the new vocabulary on FILE, as the subcommand evaluate does")
      ->type_name("FILE");
  add_choice(app, "--initial-alphabet", options.trainer.alphabet,
             "all: a token for each of the 256 bytes; none: for those seen [all]", kAlphabets);
  app.add_option("--continue-from", options.continue_from,
                 "Keep the ids and merges of the vocabulary in FOLDER, and add to them")
      ->type_name("FOLDER");
}

void add_words(CLI::App& app, Options& options, Written& written) {
  add_choice(app, "--split-pattern", options.count.splitting.pattern,
             "Whose pattern cuts text into words: gpt2, cl100k (also Llama 3's), o200k, qwen2 [gpt2]",
             kPatternNames);
  add_choice(app, "--normalization", options.count.splitting.normal_form,
             "Unicode form to which text is brought first: nfc, nfkc, none [none]", kNormalFormNames);
  app.add_flag_function(
      "--add-prefix-space,!--no-add-prefix-space",
      [&written](std::int64_t times) { written.add_prefix_space = times > 0; },
      "Read each unit of text as if it began with a space; off by default, as in GPT-2");
  add_choice(app, "--unit", options.count.unit,
             "What is split into words at a time: a line with its end, or a whole document [line]",
             kUnitNames);
  app.add_option("--sample", written.sample, "Learn from this share of the documents, chosen by --seed")
      ->check(cli::number_range(1e-9, 1.0))
      ->type_name("FRACTION");
}

void add_wordpiece(CLI::App& app, Options& options, Written& written) {
  add_choice(app, "--algorithm", options.algorithm,
             "bpe: of bytes, as GPT-2's; wordpiece: of characters, as BERT's, to vocab.txt [bpe]",
             kAlgorithms);
  app.add_flag_function(
      "--lowercase,!--no-lowercase", [&written](std::int64_t times) { written.lowercase = times > 0; },
      "WordPiece: small letters without accents, the default, or letters as they are");
  app.add_option("--limit-alphabet", written.limit_alphabet,
                 "WordPiece: keep this many characters, the most frequent ones [1000]")
      ->check(CLI::Range(std::size_t{1}, std::size_t{0x110000}))
      ->type_name("N");
  app.add_option("--initial-characters", written.initial_characters,
                 "WordPiece: characters to keep in any case")
      ->type_name("TEXT");
}

// Counting apart from training.
void add_counts(CLI::App& app, Options& options) {
  app.add_option("--counts-out", options.counts_out,
                 "Write the word counts to FILE; without --output nothing is trained")
      ->type_name("FILE");
  app.add_option("--from-counts", options.from_counts, "Add up these files of word counts in place of inputs")
      ->type_name("FILE");
  app.add_option("--memory", options.count.memory,
                 "Bytes for the tables of words at most (8G): counting goes by way of files then, and the "
                 "rarest words are left out of training; 0: no bound")
      ->transform(CLI::AsSizeValue(false))
      ->check(CLI::Range(std::uint64_t{0}, kMostMemory))
      ->type_name("SIZE");
}

// Those of the script of the labs that have no meaning of their own here.
void add_labs_flags(CLI::App& app, Written& written) {
  app.add_flag("--incl-special-toks", written.incl_special_toks,
               "The same as --special-tokens " + std::string(kLabsTokens));
  app.add_flag("--load-pretrained", written.load_pretrained,
               "Accepted for the labs' command lines, where it changes nothing; see --continue-from");
  app.add_option("--pretrained-gpt-dir", written.pretrained_gpt_dir, "Goes with --load-pretrained")
      ->type_name("FOLDER");
}

std::vector<std::string> special_tokens_of(const Written& written, Algorithm algorithm) {
  if (!written.incl_special_toks) {
    const std::string_view standard = algorithm == Algorithm::bpe ? kStandardTokens : kBertTokens;
    return special_tokens_or_throw(written.special_tokens.value_or(std::string(standard)));
  }
  if (written.special_tokens)
    throw cli::UsageError("--incl-special-toks and --special-tokens both say which tokens are special");
  return special_tokens_or_throw(kLabsTokens);
}

void check_counts(const Options& options) {
  if (options.count.inputs.empty() && options.from_counts.empty())
    throw cli::UsageError("an input is required, or --from-counts");
  if (!options.count.inputs.empty() && !options.from_counts.empty())
    throw cli::UsageError("--from-counts stands in place of inputs: " + options.count.inputs.front() +
                          " is one too many");
  if (std::count(options.from_counts.begin(), options.from_counts.end(), "-") != 0)
    throw cli::UsageError(
        "--from-counts cannot read stdin, since counts are read twice: write them to a file first");
  if (!options.from_counts.empty() &&
      (options.count.sample.limit() != 0 || !options.count.shard.is_everything()))
    throw cli::UsageError(
        "--sample, --rank and --world belong to the counting: --from-counts takes all it is given");
  if (options.counts_out.empty()) {
    if (options.output.empty()) throw cli::UsageError("--output is required, or --counts-out");
    if (!options.count.shard.is_everything())
      throw cli::UsageError("--rank and --world share out the counting: give --counts-out");
  } else if (!options.count.shard.is_everything() && !options.output.empty()) {
    throw cli::UsageError(
        "a vocabulary is not trained on a share: leave out --output, and train --from-counts");
  }
  if (options.count.memory != 0 && options.count.memory < kLeastMemory)
    throw cli::UsageError("--memory is " + std::to_string(options.count.memory) +
                          " bytes, but no less than " + std::to_string(kLeastMemory) + " will do");
  if (options.evaluate_on == "-") throw cli::UsageError("--evaluate takes a file, not stdin");
  if (!options.evaluate_on.empty() && options.output.empty())
    throw cli::UsageError("--evaluate measures a new vocabulary: give --output");
  if (!options.output.empty() && options.trainer.vocabulary_size == 0)
    throw cli::UsageError("--vocab-size is required");
}

void check(const Options& options) {
  const auto& inputs = options.count.inputs;
  if (std::count(inputs.begin(), inputs.end(), "-") > 1)
    throw cli::UsageError("- (stdin) is given twice as an input");
  if (std::count(inputs.begin(), inputs.end(), "-") > 0 && !options.count.shard.is_everything())
    throw cli::UsageError("stdin cannot be shared among --world processes: give files");
  if (options.count.splitting.prefix_space == PrefixSpace::add &&
      options.count.splitting.pattern != tokenizer::SplitPattern::gpt2)
    throw cli::UsageError("--add-prefix-space goes with --split-pattern gpt2 alone");
  check_counts(options);
}

// What belongs to one algorithm is refused with the other.
void check_algorithm(const Options& options, const Written& written) {
  const auto& tokens = options.trainer.special_tokens;
  if (options.algorithm == Algorithm::bpe) {
    if (written.lowercase || written.limit_alphabet || written.initial_characters)
      throw cli::UsageError(
          "--lowercase, --limit-alphabet and --initial-characters go with --algorithm wordpiece");
    return;
  }
  const WordSplitting& splitting = options.count.splitting;
  if (splitting.pattern != tokenizer::SplitPattern::gpt2 || splitting.normal_form ||
      splitting.prefix_space == PrefixSpace::add || options.trainer.alphabet != Alphabet::all)
    throw cli::UsageError(
        "--split-pattern, --normalization, --add-prefix-space and --initial-alphabet go with --algorithm "
        "bpe: "
        "WordPiece cuts words as BERT does");
  if (!options.continue_from.empty())
    throw cli::UsageError(
        "--continue-from goes with --algorithm bpe: WordPiece keeps no merges to go on from");
  if (std::find(tokens.begin(), tokens.end(), "[UNK]") == tokens.end())
    throw cli::UsageError("--special-tokens lacks [UNK], which WordPiece needs for words it cannot encode");
}

// Their script's ByteLevel puts a space before every line.
void resolve_output(Options& options, const Written& written) {
  WordSplitting& splitting = options.count.splitting;
  if (!written.bpe_path.empty()) {
    options.output = written.bpe_path;
    options.prefix_space_of_labs = !written.add_prefix_space && options.algorithm == Algorithm::bpe &&
                                   splitting.pattern == tokenizer::SplitPattern::gpt2;
  }
  splitting.prefix_space =
      written.add_prefix_space.value_or(options.prefix_space_of_labs) ? PrefixSpace::add : PrefixSpace::keep;
}

std::u32string characters_or_throw(std::string_view text) {
  std::u32string characters;
  while (!text.empty()) {
    const text::DecodedPoint decoded = text::decode_utf8(text);
    if (!decoded.valid) throw cli::UsageError("--initial-characters is not valid UTF-8");
    characters += decoded.point;
    text.remove_prefix(decoded.length);
  }
  return characters;
}

void resolve_wordpiece(Options& options, const Written& written) {
  if (options.algorithm == Algorithm::bpe) return;
  options.count.splitting.bert =
      written.lowercase.value_or(true) ? tokenizer::LetterCase::lowered : tokenizer::LetterCase::kept;
  options.most_characters = written.limit_alphabet.value_or(options.most_characters);
  options.characters = characters_or_throw(written.initial_characters.value_or(""));
}

// Beside what is written, so that it lies where there is room for it.
std::string spill_folder_of(const Options& options) {
  const std::string beside = options.counts_out.empty()
                                 ? options.output + "/.words"
                                 : io::part_name(options.counts_out, options.count.shard);
  return beside + ".runs-" + std::to_string(getpid());
}

}  // namespace

Options parse_options(int argc, const char* const* argv) {
  cli::Command command("gpt-bpe-train", kSummary, kExamples);
  Options options;
  Written written;
  cli::ShardOption shard;
  add_files(command.app(), options, written);
  add_vocabulary(command.app(), options, written);
  add_words(command.app(), options, written);
  add_wordpiece(command.app(), options, written);
  add_counts(command.app(), options);
  cli::add_shard_options(command.app(), shard);
  add_labs_flags(command.app(), written);

  options.common = command.parse(argc, argv);
  options.trainer.special_tokens = special_tokens_of(written, options.algorithm);
  options.pretrained_is_ignored = written.load_pretrained || !written.pretrained_gpt_dir.empty();
  options.count.on_error = io::on_error_of_name(written.on_error);
  options.count.threads = options.common.threads;
  resolve_output(options, written);
  options.count.sample = Sample(written.sample, options.common.seed);
  options.count.shard = cli::resolve_shard(shard);
  options.count.spill_folder = spill_folder_of(options);
  check(options);
  check_algorithm(options, written);
  resolve_wordpiece(options, written);
  return options;
}

}  // namespace gpt::bpe_train
