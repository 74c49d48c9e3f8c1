#include "apps/gpt-dedup/options.hpp"

#include <CLI/CLI.hpp>

#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/number_range.hpp"

namespace gpt::dedup {
namespace {

constexpr const char* kExamples =
    "  gpt-dedup clean.jsonl -o unique.jsonl\n"
    "  gpt-dedup a.jsonl.zst b.jsonl.zst -o unique.jsonl.zst --seeds 128 --bands 32 --threshold 0.7\n"
    "  gpt-dedup pages.jsonl -o unique.jsonl --pairs pairs.jsonl\n"
    "  gpt-dedup clean.jsonl -o train.jsonl --decontaminate squad.jsonl --key question --matches "
    "found.jsonl\n";

void check_or_throw(const Options& options) {
  const MinHashOptions& minhash = options.minhash;
  if (minhash.seeds % minhash.bands != 0)
    throw cli::UsageError("--seeds " + std::to_string(minhash.seeds) + " is no multiple of --bands " +
                          std::to_string(minhash.bands) + ": every band takes the same number of seeds");
  if (options.method == Method::none && !options.rewrite.wanted())
    throw cli::UsageError(
        "--method none keeps every document: say what is to be taken out of them, as by --decontaminate");
  if (options.pairs && options.method != Method::minhash)
    throw cli::UsageError("--pairs lists what MinHash compares: it needs --method minhash");
  if (options.pairs && *options.pairs == options.output)
    throw cli::UsageError("--pairs and --output are both '" + options.output + "'");
}

}  // namespace

Options parse_options(int argc, const char* const* argv) {
  cli::Command command("gpt-dedup", "Keeps the first of each group of equal or nearly equal documents",
                       kExamples);
  CLI::App& app = command.app();
  Options options;
  MinHashOptions& minhash = options.minhash;
  std::string method = "minhash";
  bool verify = true;
  CorpusFlags corpus(app, options.corpus);
  RewriteFlags rewrite(app);
  app.add_option("-o,--output", options.output, "Where the kept documents go; '-' is stdout")
      ->type_name("FILE");
  app.add_option("--method", method, "exact, minhash: exact and near duplicates; or none")
      ->check(CLI::IsMember({"none", "exact", "minhash"}))
      ->capture_default_str();
  app.add_option("--char-ngram", minhash.char_ngram, "Characters of a shingle")
      ->check(CLI::Range(1, 64))
      ->capture_default_str()
      ->type_name("N");
  app.add_option("--seeds", minhash.seeds, "Permutations, the length of a signature")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str()
      ->type_name("N");
  app.add_option("--bands", minhash.bands, "Bands a signature is cut into")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str()
      ->type_name("N");
  app.add_option("--threshold", minhash.threshold, "Jaccard index from which two documents are duplicates")
      ->check(cli::number_range(0, 1))
      ->capture_default_str()
      ->type_name("J");
  app.add_flag("--verify,!--no-verify", verify,
               "Compare the shingles of candidates (default), or trust their signatures");
  app.add_option("--pairs", options.pairs, "Write every candidate pair with its similarities")
      ->type_name("FILE");

  options.common = command.parse(argc, argv);
  options.method = method == "none" ? Method::none : method == "exact" ? Method::exact : Method::minhash;
  corpus.resolve_or_throw();
  options.rewrite = rewrite.resolved_or_throw();
  minhash.verify = verify ? Verify::shingles : Verify::signatures;
  check_or_throw(options);
  return options;
}

}  // namespace gpt::dedup
