#include "apps/gpt-clean/options.hpp"

#include <algorithm>
#include <map>

#include <CLI/CLI.hpp>

#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/number_range.hpp"
#include "libcommon/cli/shard_option.hpp"
#include "libcommon/text/language.hpp"

namespace gpt::clean {
namespace {

constexpr const char* kSummary =
    "Cleans documents: repairs the text, keeps the languages wanted, drops what is too short.";
constexpr const char* kExamples =
    "  gpt-clean pages.jsonl -o clean.jsonl --language sv --min-chars 200\n"
    "  gpt-clean pages.jsonl.zst -o sentences.txt --language sv,da --split-sentences\n"
    "  zcat dump.txt.gz | gpt-clean - --input-format text -o clean.jsonl.zst";

const std::map<std::string, std::optional<io::DocumentFormat>> kFormats = {
    {"auto", std::nullopt},
    {"jsonl", io::DocumentFormat::jsonl},
    {"text", io::DocumentFormat::text},
    {"paragraphs", io::DocumentFormat::text},
    {"file", io::DocumentFormat::text}};

TextLayout layout_of_name(const std::string& name) {
  if (name == "paragraphs") return TextLayout::paragraph;
  return name == "file" ? TextLayout::file : TextLayout::line;
}

const std::map<std::string, LanguageUnit> kLanguageUnits = {
    {"document", LanguageUnit::document}, {"line", LanguageUnit::line}, {"sentence", LanguageUnit::sentence}};

std::string language_code_or_reason(const std::string& code) {
  const bool is_code = (code.size() == 2 || code.size() == 3) &&
                       std::all_of(code.begin(), code.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  return is_code ? "" : "'" + code + "' is no language code; ISO 639 codes such as sv, da, nb are understood";
}

void add_inputs(CLI::App& app, InputOptions& options) {
  app.add_option("inputs", options.inputs, "Documents: .jsonl or .txt, .gz or .zst of either, - for stdin")
      ->required()
      ->type_name("FILE");
  app.add_option("--text-key,--json-key", options.text_key, "Field that holds the text")
      ->capture_default_str()
      ->type_name("NAME");
  app.add_option(
         "--input-format",
         "auto (by name), jsonl, or text: a document a line (text), between blank lines (paragraphs), a file")
      ->check(CLI::IsMember({"auto", "jsonl", "text", "paragraphs", "file"}))
      ->default_str("auto")
      ->each([&](const std::string& name) {
        options.input_format = kFormats.at(name);
        options.text_layout = layout_of_name(name);
      });
  app.add_option("--on-error", "What a record that cannot be read does: fail or skip")
      ->check(CLI::IsMember({"fail", "skip"}))
      ->default_str("fail")
      ->each([&](const std::string& name) { options.on_error = io::on_error_of_name(name); });
}

void add_outputs(CLI::App& app, Options& options) {
  app.add_option("-o,--output", options.output, "Where the cleaned documents go")
      ->capture_default_str()
      ->type_name("FILE");
  app.add_option("--rejected", options.rejected, "Write what was dropped, with the reason, as JSON Lines")
      ->type_name("FILE");
  app.add_flag("--annotate", options.annotate,
               "Drop no document: write what the rules measure, and which would have dropped it, as fields");
  app.add_option("--output-format", "auto (by name), jsonl, or text")
      ->check(CLI::IsMember({"auto", "jsonl", "text"}))
      ->default_str("auto")
      ->each([&](const std::string& name) { options.output_format = kFormats.at(name); });
}

void add_sources(CLI::App& app, SourceOptions& sources) {
  app.add_option("--by", "Statistics for each value of this field too; url:host for the host of a URL")
      ->type_name("FIELD")
      ->each([&](const std::string& field) { sources.by = SourceField::parse(field); });
  app.add_option("--sources", sources.most,
                 "The most values of --by to tell apart; smaller ones are added up")
      ->check(CLI::PositiveNumber)
      ->capture_default_str()
      ->type_name("N");
}

void check_stdin(const InputOptions& options) {
  const auto stdins = std::count(options.inputs.begin(), options.inputs.end(), "-");
  if (stdins > 1) throw cli::UsageError("- (stdin) is given twice as an input");
}

void check_shard(const InputOptions& options, io::Shard shard) {
  const bool reads_stdin =
      std::find(options.inputs.begin(), options.inputs.end(), "-") != options.inputs.end();
  if (reads_stdin && !shard.is_everything())
    throw cli::UsageError("stdin cannot be shared among --world processes: give files");
}

// "content=text"
void add_rename(FieldChoice& fields, const std::string& rename) {
  const auto equals = rename.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == rename.size()) {
    throw CLI::ValidationError("--rename", "'" + rename + "' is no OLD=NEW");
  }
  const std::string old_name = rename.substr(0, equals);
  const std::string new_name = rename.substr(equals + 1);
  for (const auto& [other, name] : fields.rename) {
    if (other == old_name && name != new_name)
      throw CLI::ValidationError("--rename",
                                 "'" + old_name + "' gets two names, " + name + " and " + new_name);
    if (other != old_name && name == new_name)
      throw CLI::ValidationError("--rename",
                                 other + " and " + old_name + " would both be named '" + name + "'");
  }
  fields.rename[old_name] = new_name;
}

void add_shape(CLI::App& app, Options& options) {
  app.add_flag_callback(
         "--loose-json",
         [&] {
           options.recipe.only = "empty";
           options.output_format = io::DocumentFormat::jsonl;
         },
         "Make JSON Lines of text and change nothing; documents without text go")
      ->excludes("--preset", "--recipe", "--output-format");
  app.add_option("--fields", options.fields.keep,
                 "Write these fields of the records, in this order: text,url")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NAMES");
  app.add_option("--rename", "Write a field under another name: content=text")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("OLD=NEW")
      ->each([&](const std::string& rename) { add_rename(options.fields, rename); });
  app.add_option("--sample", options.sample, "Take this share of the documents, at random by --seed")
      ->check(cli::number_range(0.0, 1.0))
      ->type_name("FRACTION");
  app.add_option("--split", options.parts, "Write N parts with equally many documents")
      ->check(CLI::Range(1, 4096))
      ->type_name("N");
}

void check_shape(const Options& options) {
  const auto format = options.output_format.value_or(io::document_format_of_name(options.output));
  if (!options.fields.is_everything() && format == io::DocumentFormat::text) {
    throw cli::UsageError("--fields and --rename are for JSON Lines, but the output is text");
  }
  if (options.parts == 1) return;
  if (options.output == "-") throw cli::UsageError("--split needs files to write: give -o NAME.jsonl");
  if (!options.shard.is_everything()) {
    throw cli::UsageError("--split and --world both name parts: give one of them");
  }
}

void add_recipe(CLI::App& app, RecipeOptions& recipe) {
  auto* preset =
      app.add_option("--preset", recipe.preset,
                     "Rules to begin with: megatron, gopher, c4, fineweb or nordic; default: repairs");
  auto* file = app.add_option("--recipe", recipe.file, "File of rules to begin with");
  preset->type_name("NAME");
  file->type_name("FILE")->excludes(preset);
  app.add_option("--rule", recipe.changes, "Add a rule, or change its settings: 'NAME KEY=VALUE ...'")
      ->allow_extra_args(false)
      ->take_all()
      ->type_name("RULE");
  app.add_option("--without", recipe.without, "Leave rules out of the preset or recipe")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->take_all()
      ->type_name("NAMES");
}

void add_language(CLI::App& app, Options& options) {
  app.add_option("--language", options.languages, "Keep documents in these languages only: sv, or sv,da")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(language_code_or_reason)
      ->type_name("CODES");
  app.add_option("--language-unit", "What --language drops: document, line or sentence")
      ->check(CLI::IsMember({"document", "line", "sentence"}))
      ->default_str("document")
      ->each([&](const std::string& name) { options.language_unit = kLanguageUnits.at(name); });
  app.add_option("--language-confidence", options.language_confidence,
                 "Least confidence with which --language keeps a document, or judges a line or sentence by "
                 "itself")
      ->check(cli::number_range(0.0, 1.0))
      ->type_name("X");
  app.add_option("--language-field", options.language_field,
                 "Field for the language of what is kept, NAME_confidence for how sure it is; '' for none; "
                 "default with --language: language")
      ->type_name("NAME");
}

void add_rules(CLI::App& app, Options& options) {
  app.add_option("--min-chars", options.min_chars, "Drop documents with fewer characters")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  app.add_option("--min-tokens", options.min_tokens,
                 "Drop documents with fewer tokens; without a vocabulary, four bytes are taken for one")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  app.add_option("--vocab-file,--vocab", options.vocab_file,
                 "Vocabulary for --min-tokens: vocab.json, or a tokenizer.json")
      ->type_name("FILE");
  app.add_option("--merge-file", options.merge_file, "The merges.txt of a vocab.json")->type_name("FILE");
  app.add_option("--bad-words", options.bad_words, "Drop documents with a word of this list, one a line")
      ->type_name("FILE");
  app.add_option("--min-chars-per-sentence", options.min_chars_per_sentence,
                 "Drop sentences with fewer characters")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  app.add_option("--max-chars-per-sentence", options.max_chars_per_sentence,
                 "Drop sentences with more characters")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  app.add_option("--min-words-per-sentence", options.min_words_per_sentence,
                 "Drop sentences with fewer words")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  app.add_flag("--split-sentences", options.split_sentences, "Write one sentence a line");
  app.add_option("--sentence-language", options.sentence_language,
                 "Language whose rules find the sentences; default: the document's")
      ->check(language_code_or_reason)
      ->type_name("CODE");
}

void add_redaction(CLI::App& app, Options& options) {
  app.add_option("--redact", options.redact, "Mask personal data: email,phone,ip,iban,personnummer")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"email", "phone", "ip", "iban", "personnummer"}))
      ->type_name("KINDS");
}

void check(const Options& options) {
  if (!options.languages.empty() && !text::LanguageIdentifier::available()) {
    throw cli::UsageError(
        "--language cannot be used: share/gpt-toolkit/language/languages.model is not installed; name the "
        "toolkit's share folder with GPT_SHARE");
  }
  if (options.languages.empty() &&
      (options.language_unit != LanguageUnit::document || options.language_confidence)) {
    throw cli::UsageError(
        "--language-unit and --language-confidence say how --language works: give that too");
  }
  check_stdin(options);
  check_shard(options, options.shard);
  if (options.min_tokens == 0 && !(options.vocab_file.empty() && options.merge_file.empty()))
    throw cli::UsageError("--vocab-file and --merge-file are used with --min-tokens");
  if (options.annotate && options.rejected)
    throw cli::UsageError("--annotate drops nothing, so that --rejected would stay empty");
}

// The text is the one field that what is written may not take the place of.
void check_text_stays(const Options& options) {
  const auto renamed = options.fields.rename.find(options.text_key);
  const std::string text = renamed == options.fields.rename.end() ? options.text_key : renamed->second;
  const auto refuse = [](const std::vector<std::string>& names, const std::string& field) {
    if (std::find(names.begin(), names.end(), field) != names.end())
      throw cli::UsageError("the field '" + field +
                            "' holds the text and cannot be written besides: give --language-field or "
                            "--rename another name");
  };
  refuse(fields_of_kept(options), text);
  if (options.rejected) refuse(fields_of_rejected(), options.text_key);
}

}  // namespace

Options parse_options(int argc, const char* const* argv) {
  Options options;
  cli::Command command("gpt-clean", kSummary, kExamples);
  add_inputs(command.app(), options);
  add_outputs(command.app(), options);
  add_recipe(command.app(), options.recipe);
  add_shape(command.app(), options);
  add_language(command.app(), options);
  add_rules(command.app(), options);
  add_redaction(command.app(), options);
  command.app().add_flag("--statistics", options.statistics,
                         "Put statistics of before and after into the report");
  add_sources(command.app(), options.sources);
  cli::ShardOption shard;
  cli::add_shard_options(command.app(), shard);
  options.common = command.parse(argc, argv);
  options.shard = cli::resolve_shard(shard);
  check(options);
  check_shape(options);
  check_text_stays(options);
  if (options.sources.by && !options.statistics) throw cli::UsageError("--by needs --statistics");
  return options;
}

namespace {

// The arguments without the subcommand's word.
std::vector<const char*> without_word(int argc, const char* const* argv) {
  std::vector<const char*> arguments(argv, argv + argc);
  arguments.erase(arguments.begin() + 1);
  return arguments;
}

}  // namespace

StatsOptions parse_stats_options(int argc, const char* const* argv) {
  StatsOptions options;
  cli::Command command("gpt-clean stats", "Measures documents: sizes, languages, sources.",
                       "  gpt-clean stats clean.jsonl -o clean.stats.json --by url:host\n"
                       "  gpt-clean stats --merge part-*.stats.json -o all.stats.json");
  CLI::App& app = command.app();
  add_inputs(app, options);
  app.add_option("-o,--output", options.output, "Where the statistics go, as JSON")
      ->capture_default_str()
      ->type_name("FILE");
  add_sources(app, options.sources);
  app.add_option("--sentence-language", options.language,
                 "Language of all documents; default: identified for each")
      ->check(language_code_or_reason)
      ->type_name("CODE");
  app.add_option("--vocab-file,--vocab", options.vocab_file,
                 "Count tokens too: vocab.json, or a tokenizer.json")
      ->type_name("FILE");
  app.add_option("--merge-file", options.merge_file, "The merges.txt of a vocab.json")->type_name("FILE");
  auto* merge =
      app.add_flag("--merge", options.merge, "Add up statistics, or those in run reports, written before");
  app.add_option("--of", "Which statistics of run reports to merge: before or after")
      ->check(CLI::IsMember({"before", "after"}))
      ->default_str("after")
      ->needs(merge)
      ->each([&](const std::string& name) {
        options.report_part = name == "before" ? ReportPart::before : ReportPart::after;
      });
  cli::ShardOption shard;
  cli::add_shard_options(app, shard);
  const auto arguments = without_word(argc, argv);
  options.common = command.parse(static_cast<int>(arguments.size()), arguments.data());
  options.shard = cli::resolve_shard(shard);
  check_stdin(options);
  check_shard(options, options.shard);
  if (options.merge && !options.shard.is_everything())
    throw cli::UsageError("--merge adds up what the shares of --world made: give it alone");
  if (!options.merge_file.empty() && options.vocab_file.empty()) {
    throw cli::UsageError("--merge-file belongs to a --vocab-file");
  }
  return options;
}

std::string language_field_of(const Options& options) {
  return options.language_field.value_or(options.languages.empty() ? "" : "language");
}

std::vector<std::string> fields_of_kept(const Options& options) {
  std::vector<std::string> names;
  const std::string language = language_field_of(options);
  if (!language.empty()) names = {language, language + "_confidence"};
  if (options.annotate) names.insert(names.end(), {"quality", "fails"});
  return names;
}

std::vector<std::string> fields_of_rejected() { return {"rejected", "rejected_detail"}; }

RulesOptions parse_rules_options(int argc, const char* const* argv) {
  RulesOptions options;
  cli::Command command("gpt-clean rules", "Lists the rules with their parameters, or the rules of a recipe.",
                       "  gpt-clean rules\n"
                       "  gpt-clean rules min-chars language\n"
                       "  gpt-clean rules --preset nordic --without language > mine.rules");
  command.app().add_option("names", options.names, "Rules to describe; default: all")->type_name("NAME");
  add_recipe(command.app(), options.recipe);
  const auto arguments = without_word(argc, argv);
  options.common = command.parse(static_cast<int>(arguments.size()), arguments.data());
  return options;
}

}  // namespace gpt::clean
