#include <CLI/CLI.hpp>

#include "apps/gpt-clean/input_flags.hpp"
#include "apps/gpt-clean/options.hpp"
#include "apps/gpt-clean/rule_flags.hpp"
#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/shard_option.hpp"

namespace gpt::clean {

StatsOptions parse_stats_options(int argc, const char* const* argv) {
  StatsOptions options;
  cli::Command command("gpt-clean stats", "Measures documents: sizes, languages, sources.",
                       "  gpt-clean stats clean.jsonl -o clean.stats.json --by url:host\n"
                       "  gpt-clean stats --merge part-*.stats.json -o all.stats.json");
  CLI::App& app = command.app();
  add_input_flags(app, options);
  app.add_option("-o,--output", options.output, "Where the statistics go, as JSON")
      ->capture_default_str()
      ->type_name("FILE");
  add_source_flags(app, options.sources);
  app.add_option("--sentence-language", options.language,
                 "Language of all documents; default: identified for each")
      ->check(sentence_language_or_reason)
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
  check_inputs_or_throw(options, options.shard);
  if (options.merge && !options.shard.is_everything())
    throw cli::UsageError("--merge adds up what the shares of --world made: give it alone");
  if (!options.merge_file.empty() && options.vocab_file.empty()) {
    throw cli::UsageError("--merge-file belongs to a --vocab-file");
  }
  return options;
}

}  // namespace gpt::clean
