#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "apps/gpt-clean/document_source.hpp"
#include "apps/gpt-clean/recipe.hpp"
#include "apps/gpt-clean/record_fields.hpp"
#include "apps/gpt-clean/text_meter.hpp"
#include "libcommon/cli/command.hpp"
#include "libcommon/io/document.hpp"
#include "libcommon/io/record_errors.hpp"
#include "libcommon/io/shard.hpp"

namespace gpt::clean {

// What is dropped for its language.
enum class LanguageUnit { document, line, sentence };

// What statistics tell apart.
struct SourceOptions {
  std::optional<SourceField> by;  // what sources are told apart by; none: they are not
  std::size_t most = 10'000;      // sources, but for what is added up; about 1 kB each
};

// What is read, and how.
struct InputOptions {
  std::vector<std::string> inputs;
  std::string text_key = "text";
  std::optional<io::DocumentFormat> input_format;  // else by each name
  TextLayout text_layout = TextLayout::line;       // of inputs that are text
  io::OnError on_error = io::OnError::fail;
};

// What makes the recipe of a run: what it begins with, and flags that mean rules. A flag that was not given
// leaves the recipe's rules as they are.
struct RuleOptions {
  RecipeOptions recipe;
  std::vector<std::string> languages;         // wanted; empty: all
  std::optional<LanguageUnit> language_unit;  // else the recipe's, else documents
  std::optional<double> language_confidence;  // the least; else as the unit's rule has it
  std::optional<std::string> language_field;  // where the language is written; empty: nowhere
  std::optional<std::size_t> min_chars;
  std::optional<std::size_t> min_tokens;
  std::string vocab_file;  // by which tokens are counted; empty: estimated
  std::string merge_file;
  std::optional<std::string> bad_words;  // a list of words that no document may hold
  std::optional<std::size_t> min_chars_per_sentence;
  std::optional<std::size_t> max_chars_per_sentence;  // 0: no limit
  std::optional<std::size_t> min_words_per_sentence;
  bool split_sentences = false;
  std::string sentence_language;    // whose rules split; empty: the document's
  std::vector<std::string> redact;  // kinds of personal data to mask
};

struct Options : InputOptions, RuleOptions {
  cli::CommonOptions common;
  std::string output = "-";
  std::optional<std::string> rejected;              // where the documents that were dropped go
  std::optional<io::DocumentFormat> output_format;  // else by name
  bool annotate = false;                            // write what the rules measure in place of dropping
  io::Shard shard;                                  // the share of the input to take
  FieldChoice fields;                               // of the records written
  std::size_t parts = 1;                            // files to write, documents in turn
  bool statistics = false;                          // of the documents before and after, in the report
  SourceOptions sources;                            // in them
  double sample = 1.0;                              // the share of the documents to look at
};

// Which of the statistics in a run report: of the documents as read, or as written.
enum class ReportPart { before, after };

// What `gpt-clean stats` is asked for.
struct StatsOptions : InputOptions {
  cli::CommonOptions common;
  std::string output = "-";
  SourceOptions sources;
  io::Shard shard;         // the share of the input to take
  std::string language;    // of all documents; empty: identified for each
  std::string vocab_file;  // whose tokens are counted; empty: none are
  std::string merge_file;
  bool merge = false;                          // the inputs are statistics, to be added up
  ReportPart report_part = ReportPart::after;  // of inputs to be merged that are run reports
};

// The field that says the language of a kept document; its confidence is in the field of that name and
// "_confidence". Empty: none.
std::string language_field_of(const RuleOptions& options);

// The fields that are written into kept records, and into rejected ones.
std::vector<std::string> fields_of_kept(const Options& options);
std::vector<std::string> fields_of_rejected();

// What `gpt-clean rules` is asked for.
struct RulesOptions : RuleOptions {
  cli::CommonOptions common;
  std::vector<std::string> names;  // of rules to describe; none: all, or the recipe
  bool asks_for_recipe = false;    // whether anything was given that makes one
};

// Throw cli::UsageError or cli::InformationRequested. Open no file.
Options parse_options(int argc, const char* const* argv);
RulesOptions parse_rules_options(int argc, const char* const* argv);
StatsOptions parse_stats_options(int argc, const char* const* argv);

}  // namespace gpt::clean
