#include "apps/gpt-dedup/options.hpp"

#include <CLI/CLI.hpp>

#include "apps/gpt-dedup/idle_options.hpp"
#include "libcommon/cli/errors.hpp"

namespace gpt::dedup {
namespace {

constexpr const char* kExamples =
    "  gpt-dedup clean.jsonl -o unique.jsonl\n"
    "  gpt-dedup a.jsonl.zst b.jsonl.zst -o unique.jsonl.zst --seeds 128 --bands 32 --threshold 0.7\n"
    "  gpt-dedup pages.jsonl -o unique.jsonl --pairs pairs.jsonl\n"
    "  gpt-dedup new.jsonl -o added.jsonl --against unique.jsonl --keep longest\n"
    "  gpt-dedup clean.jsonl -o train.jsonl --decontaminate squad.jsonl --key question --matches "
    "found.jsonl\n"
    "  gpt-dedup compare clean.jsonl:1 clean.jsonl:2\n"
    "\n"
    "Subcommands:\n"
    "  compare     how like each other two documents are\n"
    "  signatures  first stage: signatures of a share of the documents\n"
    "  pairs       second stage: similar pairs in a share of the buckets\n"
    "  groups      third stage: groups of duplicates, and which of each stays\n"
    "  filter      last stage: the documents that stay, of one share or all\n";

void check_or_throw(const Options& options) {
  if (options.method == Method::none && !options.rewrite.wanted())
    throw cli::UsageError(
        "--method none keeps every document: say what is to be taken out of them, as by --decontaminate");
  if (options.method == Method::none && (!options.corpus.against.empty() || options.groups))
    throw cli::UsageError("--method none compares no documents: --against and --groups need another");
  if (options.pairs && options.method != Method::minhash && options.method != Method::embedding)
    throw cli::UsageError("--pairs lists what is compared: it needs --method minhash or embedding");
}

// Options that the method makes no use of.
void check_uses_or_throw(const CLI::App& app, const Options& options) {
  const Method method = options.method;
  if (method != Method::url) refuse_idle_or_throw(app, {"--url-key"}, "is about --method url");
  if (method == Method::embedding)
    refuse_idle_or_throw(app, {"--threshold"}, "is about --method minhash: --cosine is that of embedding");
  if (method != Method::minhash)
    refuse_idle_or_throw(app, {"--seeds", "--bands", "--threshold", "--verify"}, "is about --method minhash");
  const bool has_shingles =
      method == Method::minhash || (method == Method::embedding && options.embedding.are_made_of_texts());
  if (!has_shingles)
    refuse_idle_or_throw(app, {"--char-ngram", "--word-ngram", "--fold"},
                         "is about shingles: --method minhash, or embedding of texts, makes them");
  if (method == Method::none)
    refuse_idle_or_throw(app, {"--keep", "--keep-field", "--priority", "--across-only"},
                         "chooses among duplicates: --method none keeps them all");
}

Method method_of_name(const std::string& name) {
  if (name == "none") return Method::none;
  if (name == "exact") return Method::exact;
  if (name == "embedding") return Method::embedding;
  return name == "url" ? Method::url : Method::minhash;
}

}  // namespace

Options parse_options(int argc, const char* const* argv) {
  cli::Command command("gpt-dedup", "Keeps one of each group of equal or nearly equal documents", kExamples);
  CLI::App& app = command.app();
  Options options;
  std::string method = "minhash";
  CorpusFlags corpus(app, options.corpus);
  RewriteFlags rewrite(app);
  app.add_option("-o,--output", options.output, "Where the kept documents go; '-' is stdout")
      ->type_name("FILE");
  app.add_option(
         "--method", method,
         "exact; minhash: exact and near duplicates; embedding: by vectors; url: the same address; none")
      ->check(CLI::IsMember({"none", "exact", "minhash", "embedding", "url"}))
      ->capture_default_str();
  app.add_option("--url-key", options.url_key, "Field that holds the address, for --method url")
      ->capture_default_str()
      ->type_name("KEY");
  SignatureFlags signatures(app, options.minhash);
  EmbeddingFlags embedding(app, options.embedding);
  JudgeFlags judge(app, options.minhash);
  ScoreFlags score(app, options.keep);
  add_dataset_flags(app, options.keep);
  app.add_option("--pairs", options.pairs, "Write every candidate pair with its similarities")
      ->type_name("FILE");
  app.add_option("--groups", options.groups, "Write every group of duplicates, and which of it stays")
      ->type_name("FILE");

  options.common = command.parse(argc, argv);
  options.method = method_of_name(method);
  corpus.resolve_or_throw();
  options.rewrite = rewrite.resolved_or_throw();
  signatures.resolve_or_throw();
  judge.resolve();
  embedding.resolve_or_throw(options.method == Method::embedding);
  score.resolve_or_throw();
  check_priority_or_throw(options.keep, options.corpus.inputs);
  check_or_throw(options);
  check_uses_or_throw(app, options);
  return options;
}

}  // namespace gpt::dedup
