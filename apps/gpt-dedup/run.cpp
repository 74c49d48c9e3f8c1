#include "apps/gpt-dedup/run.hpp"

#include <map>
#include <optional>

#include "apps/gpt-dedup/corpus.hpp"
#include "apps/gpt-dedup/digest_stage.hpp"
#include "apps/gpt-dedup/filter_stage.hpp"
#include "apps/gpt-dedup/kept_documents.hpp"
#include "apps/gpt-dedup/near_stage.hpp"
#include "apps/gpt-dedup/rewrite.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/run_report.hpp"

namespace gpt::dedup {
namespace {

struct Counts {
  std::uint64_t bytes_in = 0;
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  std::uint64_t exact = 0;
  std::uint64_t kept = 0;  // of a group of duplicates; all of them come out unless their texts are changed
  NearResult near;
  std::optional<RewriteResult> rewritten;

  std::uint64_t near_duplicates() const { return in - kept - exact; }
};

void write_pairs(const DigestedCorpus& digested, std::vector<Pair> pairs, const Corpus& corpus,
                 io::OutputFile& output) {
  pairs.insert(pairs.end(), digested.equal.begin(), digested.equal.end());
  sort_pairs(pairs);
  for (const Pair& pair : pairs) output.write_or_throw(pair_line(pair, digested.catalogue, corpus.inputs()));
}

const char* name_of(Method method) {
  return method == Method::none ? "none" : method == Method::exact ? "exact" : "minhash";
}

void fill_report(log::RunReport& report, const Options& options, const Counts& counts,
                 const io::RecordErrors& errors) {
  report.set("inputs", options.corpus.inputs);
  report.set("output", options.output);
  report.set("method", name_of(options.method));
  if (options.method == Method::minhash) {
    report.set("char_ngram", options.minhash.char_ngram);
    report.set("seeds", options.minhash.seeds);
    report.set("bands", options.minhash.bands);
    report.set("threshold", options.minhash.threshold);
  }
  report.set("bytes_in", counts.bytes_in);
  report.set("documents_in", counts.in);
  report.set("documents_out", counts.out);
  report.set("bad_records", errors.count());
  report.set("first_errors", errors.first_messages());
  std::map<std::string, std::uint64_t> reasons{{"exact_duplicate", counts.exact},
                                               {"near_duplicate", counts.near_duplicates()}};
  if (counts.rewritten) reasons.insert(counts.rewritten->reasons.begin(), counts.rewritten->reasons.end());
  report.set("reasons", reasons);
  if (counts.rewritten) report_rewriting(*counts.rewritten, report);
  report.set("candidate_documents", counts.near.candidate_documents);
  report.set("compared_pairs", counts.near.compared_pairs);
  report.set("similar_pairs", counts.near.similar_pairs);
}

// What the stages that find duplicates leave: the corpus digested, the counts up to that.
struct Deduplicated {
  DigestedCorpus digested;
  Counts counts;
};

Deduplicated deduplicate(Corpus& corpus, const Options& options, io::OutputFile* pairs_output) {
  Deduplicated result{digest_corpus(corpus, options), {}};
  DigestedCorpus& digested = result.digested;
  Counts& counts = result.counts;
  if (options.method == Method::minhash) counts.near = group_near_duplicates(corpus, digested, options);
  if (pairs_output != nullptr) write_pairs(digested, std::move(counts.near.pairs), corpus, *pairs_output);
  digested.groups.flatten();
  for (DocumentId document = 0; document < digested.catalogue.size(); ++document)
    counts.kept += digested.groups.name(document) == document ? 1 : 0;
  counts.in = digested.catalogue.size();
  counts.exact = digested.exact_duplicates;
  return result;
}

std::string summary(const Counts& counts) {
  std::string line = std::to_string(counts.in) + " documents in, " + std::to_string(counts.out) +
                     " out: " + std::to_string(counts.exact) + " exact and " +
                     std::to_string(counts.near_duplicates()) + " near duplicates removed";
  return counts.rewritten ? line + "; " + counts.rewritten->summary : line;
}

}  // namespace

cli::ExitCode run(const Options& options) {
  log::RunReport report("gpt-dedup");
  const auto existing = options.common.force ? io::Existing::replace : io::Existing::refuse;
  Corpus corpus(options.corpus.inputs, options.corpus.input_format, options.corpus.temporary_folder);
  io::OutputFile output(options.output, existing);
  std::optional<io::OutputFile> pairs_output;
  if (options.pairs) pairs_output.emplace(*options.pairs, existing);
  for (const std::string& path : options.rewrite.side_outputs()) io::check_output_or_throw(path, existing);

  std::optional<Deduplicated> deduplicated;
  if (options.method != Method::none)
    deduplicated = deduplicate(corpus, options, pairs_output ? &*pairs_output : nullptr);
  Counts counts = deduplicated ? deduplicated->counts : Counts{};
  io::RecordErrors errors = deduplicated ? deduplicated->digested.errors : io::RecordErrors();
  if (options.rewrite.wanted()) {
    KeptDocuments documents(corpus, options.corpus, options.common);
    if (deduplicated) documents.keep_firsts(deduplicated->digested.catalogue, deduplicated->digested.groups);
    counts.rewritten = rewrite_documents(documents, options, output);
    counts.out = counts.rewritten->documents_out;
    if (!deduplicated) {
      counts.in = counts.kept = documents.documents();
      errors = documents.errors();
    }
  } else {
    counts.out =
        write_kept(corpus, deduplicated->digested.catalogue, deduplicated->digested.groups, options, output);
  }
  if (pairs_output) pairs_output->commit_or_throw();
  output.commit_or_throw();

  counts.bytes_in = corpus.bytes();
  if (errors.count() > 0) log::warning(errors.summary());
  log::info(summary(counts));
  if (options.common.report) {
    fill_report(report, options, counts, errors);
    report.write_or_throw(*options.common.report);
  }
  return cli::ExitCode::done;
}

}  // namespace gpt::dedup
