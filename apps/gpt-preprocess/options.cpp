#include "apps/gpt-preprocess/options.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <CLI/CLI.hpp>

#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/shard_option.hpp"

namespace gpt::preprocess {
namespace {

constexpr const char* kSummary =
    "Turn documents into token ids: an indexed dataset (.bin, .idx) as Megatron-LM's";
constexpr const char* kExamples =
    "  gpt-preprocess --input unique.jsonl --output-prefix my-gpt --vocab-file vocab/vocab.json \\\n"
    "    --merge-file vocab/merges.txt --tokenizer-type GPT2BPETokenizer --append-eod --workers 8\n"
    "  gpt-preprocess --input a.jsonl.gz b.jsonl.zst --output-prefix my-gpt --vocab gpt-vocab.json \\\n"
    "    --merge-file gpt-merges.txt --json-keys text title --append-eod\n"
    "  gpt-preprocess --input my-corpus.json --output-prefix my-bert --vocab bert-vocab.txt \\\n"
    "    --tokenizer-type BertWordPieceLowerCase --split-sentences --workers 8\n"
    "\n"
    "Subcommands:\n"
    "  merge    join datasets into one\n"
    "  split    cut a dataset into parts by documents\n"
    "  info     what a dataset holds\n"
    "  verify   look for damage\n";

const std::map<std::string, std::optional<io::DocumentFormat>> kFormats = {
    {"auto", std::nullopt}, {"jsonl", io::DocumentFormat::jsonl}, {"text", io::DocumentFormat::text}};

// What was written, before it is turned into Options.
struct Written {
  std::string format = "auto";
  std::string on_error = "fail";
  std::string tokenizer_type = "GPT2BPETokenizer";
  std::string dataset_impl = "mmap";
  bool append_eod = false;
  bool keep_empty = false;
  bool allow_special = false;
  bool split_sentences = false;
  bool keep_newlines = false;
  bool keep_sequential_samples = false;
  std::uint64_t partitions = 1;
  std::optional<std::string> sentence_mode;  // not given: rules
  std::string language = "english";
  std::string prefix_file;
};

const std::map<std::string, text::SentenceMode> kSentenceModes = {{"rules", text::SentenceMode::rules},
                                                                  {"icu", text::SentenceMode::icu},
                                                                  {"newline", text::SentenceMode::newline}};

void add_files(CLI::App& app, Options& options, Written& written) {
  app.add_option("--input", options.inputs, "Documents: JSON Lines or .txt, plain, .gz or .zst; '-' is stdin")
      ->required()
      ->type_name("FILE");
  app.add_option("--output-prefix", options.output_prefix, "The dataset is PREFIX_KEY_document.bin and .idx")
      ->required()
      ->type_name("PREFIX");
  app.add_option("--vocab-file,--vocab,--tokenizer-model", options.tokenizer.vocabulary,
                 "vocab.json; tokenizer.json or its folder for HFTokenizer; vocab.txt for BertWordPiece")
      ->required()
      ->type_name("FILE");
  app.add_option("--merge-file", options.tokenizer.merges,
                 "merges.txt of the vocabulary, for GPT2BPETokenizer")
      ->type_name("FILE");
  app.add_option("--input-format", written.format, "auto: by name; text: one document a line")
      ->check(CLI::IsMember({"auto", "jsonl", "text"}))
      ->capture_default_str();
  app.add_option("--json-keys", options.encode.keys, "Fields to encode, a dataset each")
      ->capture_default_str()
      ->type_name("KEY");
}

void add_settings(CLI::App& app, Options& options, Written& written) {
  app.add_option("--tokenizer-type", written.tokenizer_type, "How text becomes ids")
      ->check(CLI::IsMember({"GPT2BPETokenizer", "HFTokenizer", "HuggingFaceTokenizer",
                             "BertWordPieceLowerCase", "BertWordPieceCase"}))
      ->capture_default_str();
  app.add_option("--dataset-impl", written.dataset_impl, "Format of the dataset")
      ->check(CLI::IsMember({"mmap"}))
      ->capture_default_str();
  app.add_option("--longest-word", options.tokenizer.longest_word,
                 "BertWordPiece: words of more characters are [UNK]; Hugging Face's tokenizers take 100")
      ->check(CLI::PositiveNumber)
      ->capture_default_str()
      ->type_name("N");
  app.add_flag("--append-eod", written.append_eod, "End each document with <|endoftext|>");
  app.add_flag("--allow-special", written.allow_special,
               "Read the names of special tokens inside documents as these tokens");
  app.add_flag("--keep-empty", written.keep_empty,
               "Give documents without text an entry in the document index instead of leaving them out");
  app.add_option("--on-error", written.on_error, "Stop at a record that cannot be read, or skip it")
      ->check(CLI::IsMember({"fail", "skip"}))
      ->capture_default_str();
  app.add_option("--log-interval", options.log_interval, "Say how far it is every N documents")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
}

void add_sentences(CLI::App& app, Written& written) {
  app.add_flag("--split-sentences", written.split_sentences,
               "A sequence for each sentence; the datasets are named PREFIX_KEY_sentence");
  app.add_option("--lang,--language", written.language, "Language of the sentences: swedish, or sv")
      ->capture_default_str()
      ->type_name("NAME");
  app.add_option("--sentence-mode", written.sentence_mode, "Where sentences end")
      ->check(CLI::IsMember({"rules", "icu", "newline"}))
      ->default_str("rules");
  app.add_option("--non-breaking-prefix-file", written.prefix_file, "A prefix list of one's own")
      ->type_name("FILE");
  app.add_flag("--keep-newlines", written.keep_newlines, "Keep the white space behind each sentence with it");
  app.add_option("--partitions", written.partitions,
                 "Accepted for Megatron's scripts: documents keep their order with any number")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  app.add_flag("--keep-sequential-samples", written.keep_sequential_samples,
               "Accepted for Megatron's scripts: documents always keep their order");
}

std::optional<SentenceSettings> sentence_settings(const Written& written) {
  const auto language = text::language_code_of_name(written.language);
  if (!language) {
    throw cli::UsageError("--lang: '" + written.language +
                          "' is no language known by name: give its ISO 639 code, as sv");
  }
  if (!written.split_sentences) {
    // --lang and --keep-newlines say nothing then in Megatron's scripts either.
    if (written.sentence_mode) throw cli::UsageError("--sentence-mode is used with --split-sentences alone");
    if (!written.prefix_file.empty())
      throw cli::UsageError("--non-breaking-prefix-file is used with --split-sentences alone");
    return std::nullopt;
  }
  SentenceSettings settings;
  settings.language = *language;
  settings.mode = kSentenceModes.at(written.sentence_mode.value_or("rules"));
  settings.prefix_file = written.prefix_file;
  settings.surroundings = written.keep_newlines ? text::Surroundings::kept : text::Surroundings::stripped;
  if (!settings.prefix_file.empty() && settings.mode != text::SentenceMode::rules)
    throw cli::UsageError("--non-breaking-prefix-file is used by --sentence-mode rules alone");
  return settings;
}

void check_tokenizer(const tokenizer::TokenizerFiles& files) {
  const bool needs_merges = files.type == tokenizer::TokenizerType::gpt2_bpe;
  if (needs_merges && files.merges.empty()) throw cli::UsageError("--merge-file is required");
  if (!needs_merges && !files.merges.empty())
    throw cli::UsageError("--merge-file is used by --tokenizer-type GPT2BPETokenizer alone");
}

void check(const Options& options) {
  check_tokenizer(options.tokenizer);
  const auto is_text = [&](const std::string& path) {
    return options.input_format.value_or(io::document_format_of_name(path)) == io::DocumentFormat::text;
  };
  const auto& keys = options.encode.keys;
  if (std::set<std::string>(keys.begin(), keys.end()).size() != keys.size())
    throw cli::UsageError("--json-keys names a field twice");
  for (const std::string& key : keys) {
    if (key.empty() || key.find('/') != std::string::npos)
      throw cli::UsageError("--json-keys: '" + key + "' cannot be part of a file name");
  }
  const auto text = std::find_if(options.inputs.begin(), options.inputs.end(), is_text);
  if (keys.size() > 1 && text != options.inputs.end())
    throw cli::UsageError("--json-keys names several fields, but " + *text + " is text and has none");
  if (std::count(options.inputs.begin(), options.inputs.end(), "-") > 1)
    throw cli::UsageError("- (stdin) is given twice as an input");
  if (std::count(options.inputs.begin(), options.inputs.end(), "-") > 0 && !options.shard.is_everything())
    throw cli::UsageError("stdin cannot be shared among --world processes: give files");
}

}  // namespace

Options parse_options(int argc, const char* const* argv) {
  cli::Command command("gpt-preprocess", kSummary, kExamples);
  Options options;
  options.encode.keys = {"text"};
  Written written;
  add_files(command.app(), options, written);
  add_settings(command.app(), options, written);
  add_sentences(command.app(), written);
  cli::ShardOption shard;
  cli::add_shard_options(command.app(), shard);
  options.common = command.parse(argc, argv);
  options.shard = cli::resolve_shard(shard);
  options.tokenizer.type = *tokenizer::tokenizer_type_of_name(written.tokenizer_type);
  options.encode.sentences = sentence_settings(written);
  if (written.allow_special) options.encode.special_tokens = tokenizer::SpecialTokens::are_recognized;
  options.input_format = kFormats.at(written.format);
  options.encode.on_error = io::on_error_of_name(written.on_error);
  options.encode.eod = written.append_eod ? EndOfDocument::append : EndOfDocument::none;
  options.encode.empty = written.keep_empty ? EmptyDocuments::keep : EmptyDocuments::leave_out;
  check(options);
  return options;
}

}  // namespace gpt::preprocess
