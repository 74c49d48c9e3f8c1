#include "apps/gpt-clean/clean.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "apps/gpt-clean/cleaner.hpp"
#include "apps/gpt-clean/finished_part.hpp"
#include "apps/gpt-clean/flag_rules.hpp"
#include "apps/gpt-clean/kept_output.hpp"
#include "apps/gpt-clean/report.hpp"
#include "apps/gpt-clean/rules/stop_words.hpp"
#include "apps/gpt-clean/tally.hpp"
#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/run_files.hpp"
#include "libcommon/io/line_reader.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/io/shard.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/progress.hpp"
#include "libcommon/log/run_report.hpp"
#include "libcommon/threads/ordered_pipeline.hpp"

namespace gpt::clean {
namespace {

io::DocumentFormat format_of(const std::string& path, std::optional<io::DocumentFormat> chosen) {
  return chosen.value_or(io::document_format_of_name(path));
}

// In: the inputs, or the shard's share of them, one after the other. Out: the cleaned documents in the same
// order.
Tally clean_all(const Options& options, const Recipe& recipe, KeptOutput& output, io::OutputFile* rejected,
                log::Progress& progress) {
  const io::DocumentFormat output_format = format_of(options.output, options.output_format);
  const std::vector<io::FileRange> share =
      share_of_documents_or_throw(options.inputs, options.text_layout, options.shard);
  const auto source = open_documents(share, options.text_layout);
  Tally total = Cleaner(options, recipe, output_format).empty_tally();
  total.before.sources = total.after.sources = Sources(options.sources.most);
  threads::run_ordered_pipeline(
      options.common.threads, [&] { return source->next_or_throw(); },
      [&] {
        return [&options, &share,
                cleaner = Cleaner(options, recipe, output_format)](io::LineBatch&& lines) mutable {
          const io::DocumentFormat format = format_of(share[lines.file_index].path, options.input_format);
          return cleaner.clean_or_throw(std::move(lines), format);
        };
      },
      [&](CleanedBatch&& batch) {
        output.write_or_throw(batch.kept, batch.kept_ends);
        if (rejected != nullptr) rejected->write_or_throw(batch.rejected);
        total.absorb(batch.tally);
        progress.update(total.documents_in);
      });
  total.before.sources.keep_largest();
  total.after.sources.keep_largest();
  return total;
}

std::optional<std::string> part_of(const std::optional<std::string>& path, io::Shard shard) {
  return path ? std::optional(io::part_name(*path, shard)) : std::nullopt;
}

// Of a share's parts, its output and --rejected, a stop may have left one: both are written again, so that
// the same command goes on.
io::Existing existing_of_shares(const Options& options, io::Existing existing) {
  return options.shard.is_everything() || options.output == "-" ? existing : io::Existing::replace;
}

bool has_rejected(const Options& options) {
  return !options.rejected || *options.rejected == "-" ||
         is_done_already(*part_of(options.rejected, options.shard), options.shard, options.common);
}

// The languages asked for whose documents pass stop-words unseen.
void warn_of_missing_lists(const Recipe& recipe, const Options& options) {
  for (const Settings& settings : recipe.rules()) {
    if (settings.kind().name != "stop-words" || !settings.list_or_throw("words").empty()) continue;
    for (const std::string& language : options.languages) {
      if (has_stop_words(language)) continue;
      log::warning("stop-words has no list for " + language + " and does not judge it: give stop-words/" +
                   language + ".txt in the folder GPT_SHARE names, or --rule 'stop-words words=...'");
    }
  }
}

void check_files_of(const Options& options) {
  cli::RunFiles files;
  if (options.parts == 1) files.add_output("--output", io::part_name(options.output, options.shard));
  for (int rank = 0; options.parts > 1 && rank < static_cast<int>(options.parts); ++rank)
    files.add_output("--output", io::part_name(options.output, {rank, static_cast<int>(options.parts)}));
  files.add_output("--rejected", part_of(options.rejected, options.shard));
  files.add_inputs("an input", options.inputs);
  files.add_input("--recipe", options.recipe.file.value_or(""));
  files.add_input("--bad-words", options.bad_words.value_or(""));
  files.add_input("--vocab-file", options.vocab_file);
  files.add_input("--merge-file", options.merge_file);
  cli::check_files_or_throw(std::move(files), options.common.report, options.shard);
}

void check_vocabulary_is_used(const Options& options, const Recipe& recipe) {
  if (options.vocab_file.empty() && options.merge_file.empty()) return;
  if (options.statistics || recipe.has("min-tokens")) return;
  throw cli::UsageError(
      "--vocab-file and --merge-file count tokens for --min-tokens, for a recipe with min-tokens and for "
      "--statistics: give one of these");
}

}  // namespace

cli::ExitCode run(const Options& options) {
  log::RunReport report("gpt-clean");
  const std::string part = io::part_name(options.output, options.shard);
  check_files_of(options);
  if (is_done_already(part, options.shard, options.common) && has_rejected(options)) {
    log::info(part +
              " is there already, with whatever settings it was made: nothing to do (--force makes it anew)");
    return cli::ExitCode::done;
  }
  if (options.annotate && format_of(part, options.output_format) == io::DocumentFormat::text)
    throw cli::UsageError("--annotate writes fields, which text has not: give -o a name that ends in .jsonl");
  const Recipe recipe = recipe_or_throw(options);
  check_vocabulary_is_used(options, recipe);
  warn_of_missing_lists(recipe, options);
  log::info(beginning_of_recipe(options) + ", " + std::to_string(recipe.rules().size()) + " rules");
  const auto existing = options.common.force ? io::Existing::replace : io::Existing::refuse;
  KeptOutput output(part, options.parts, existing_of_shares(options, existing));
  std::optional<io::OutputFile> rejected;
  if (options.rejected)
    rejected.emplace(*part_of(options.rejected, options.shard), existing_of_shares(options, existing));
  log::Progress progress(options.common.progress, "documents");
  const Tally total = clean_all(options, recipe, output, rejected ? &*rejected : nullptr, progress);
  if (rejected) rejected->commit_or_throw();
  output.commit_or_throw();
  progress.finish();
  tell(options, total);
  fill(report, options, recipe, total);
  if (options.common.report) report.write_or_throw(*part_of(options.common.report, options.shard));
  return cli::ExitCode::done;
}

}  // namespace gpt::clean
