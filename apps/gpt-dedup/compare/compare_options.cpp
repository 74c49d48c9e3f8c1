#include "apps/gpt-dedup/compare/compare_options.hpp"

#include <CLI/CLI.hpp>

#include "apps/gpt-dedup/corpus_options.hpp"
#include "apps/gpt-dedup/idle_options.hpp"

namespace gpt::dedup {

CompareOptions parse_compare_options(int argc, const char* const* argv) {
  cli::Command command("gpt-dedup compare",
                       "Prints how alike two documents are: by their shingles, and as MinHash sees it",
                       "  gpt-dedup compare first.txt second.txt\n"
                       "  gpt-dedup compare pages.jsonl:3 pages.jsonl:17 --seeds 200 --bands 50\n"
                       "  gpt-dedup compare --texts 'one text' 'another text' --format json\n");
  CLI::App& app = command.app();
  CompareOptions options;
  std::string format = "text";
  const char* const place = "A file with a text; FILE:LINE is a document of jsonl; '-' is stdin";
  app.add_option("A", options.texts[0], place)->required()->type_name("FILE");
  app.add_option("B", options.texts[1], place)->required()->type_name("FILE");
  app.add_flag("--texts", options.are_texts, "A and B are the texts themselves");
  app.add_option("--text-key,--json-key", options.text_key, "Field that holds the text")
      ->capture_default_str()
      ->type_name("KEY");
  app.add_option("--format", format, "Of what is printed: text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  SignatureFlags signatures(app, options.minhash);
  options.common = parse_subcommand(command, argc, argv);
  signatures.resolve_or_throw();
  if (options.are_texts) refuse_idle_or_throw(app, {"--text-key"}, "is about documents: --texts names none");
  options.format = format == "json" ? ComparisonFormat::json : ComparisonFormat::text;
  return options;
}

}  // namespace gpt::dedup
