#include "apps/gpt-preprocess/options.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <CLI/CLI.hpp>

#include "libcommon/cli/errors.hpp"

namespace gpt::preprocess {
namespace {

constexpr const char* kSummary =
    "Turn documents into token ids: an indexed dataset (.bin, .idx) as Megatron-LM's";
constexpr const char* kExamples =
    "  gpt-preprocess --input unique.jsonl --output-prefix my-gpt --vocab-file vocab/vocab.json \\\n"
    "    --merge-file vocab/merges.txt --tokenizer-type GPT2BPETokenizer --append-eod --workers 8\n"
    "  gpt-preprocess --input a.jsonl.gz b.jsonl.zst --output-prefix my-gpt --vocab gpt-vocab.json \\\n"
    "    --merge-file gpt-merges.txt --json-keys text title --append-eod\n";

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
};

void add_files(CLI::App& app, Options& options, Written& written) {
  app.add_option("--input", options.inputs, "Documents: JSON Lines or .txt, plain, .gz or .zst; '-' is stdin")
      ->required()
      ->type_name("FILE");
  app.add_option("--output-prefix", options.output_prefix, "The dataset is PREFIX_KEY_document.bin and .idx")
      ->required()
      ->type_name("PREFIX");
  app.add_option("--vocab-file,--vocab", options.vocabulary_file, "vocab.json of the vocabulary")
      ->required()
      ->type_name("FILE");
  app.add_option("--merge-file", options.merge_file, "merges.txt of the vocabulary")
      ->required()
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
      ->check(CLI::IsMember({"GPT2BPETokenizer"}))
      ->capture_default_str();
  app.add_option("--dataset-impl", written.dataset_impl, "Format of the dataset")
      ->check(CLI::IsMember({"mmap"}))
      ->capture_default_str();
  app.add_flag("--append-eod", written.append_eod, "End each document with <|endoftext|>");
  app.add_flag("--keep-empty", written.keep_empty,
               "Give documents without text an entry in the document index instead of leaving them out");
  app.add_option("--on-error", written.on_error, "Stop at a record that cannot be read, or skip it")
      ->check(CLI::IsMember({"fail", "skip"}))
      ->capture_default_str();
  app.add_option("--log-interval", options.log_interval, "Say how far it is every N documents")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
}

void check(const Options& options) {
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
}

}  // namespace

Options parse_options(int argc, const char* const* argv) {
  cli::Command command("gpt-preprocess", kSummary, kExamples);
  Options options;
  options.encode.keys = {"text"};
  Written written;
  add_files(command.app(), options, written);
  add_settings(command.app(), options, written);
  options.common = command.parse(argc, argv);
  options.input_format = kFormats.at(written.format);
  options.encode.on_error = io::on_error_of_name(written.on_error);
  options.encode.eod = written.append_eod ? EndOfDocument::append : EndOfDocument::none;
  options.encode.empty = written.keep_empty ? EmptyDocuments::keep : EmptyDocuments::leave_out;
  check(options);
  return options;
}

}  // namespace gpt::preprocess
