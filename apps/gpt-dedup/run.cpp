#include "apps/gpt-dedup/run.hpp"

#include <map>
#include <optional>

#include "apps/gpt-dedup/corpus.hpp"
#include "apps/gpt-dedup/digest_stage.hpp"
#include "apps/gpt-dedup/filter_stage.hpp"
#include "apps/gpt-dedup/near_stage.hpp"
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
  NearResult near;

  std::uint64_t near_duplicates() const { return in - out - exact; }
};

void write_pairs(const DigestedCorpus& digested, std::vector<Pair> pairs, const Corpus& corpus,
                 io::OutputFile& output) {
  pairs.insert(pairs.end(), digested.equal.begin(), digested.equal.end());
  sort_pairs(pairs);
  for (const Pair& pair : pairs) output.write_or_throw(pair_line(pair, digested.catalogue, corpus.inputs()));
}

void fill_report(log::RunReport& report, const Options& options, const Counts& counts,
                 const io::RecordErrors& errors) {
  report.set("inputs", options.corpus.inputs);
  report.set("output", options.output);
  report.set("method", options.method == Method::exact ? "exact" : "minhash");
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
  report.set("reasons", std::map<std::string, std::uint64_t>{{"exact_duplicate", counts.exact},
                                                             {"near_duplicate", counts.near_duplicates()}});
  report.set("candidate_documents", counts.near.candidate_documents);
  report.set("compared_pairs", counts.near.compared_pairs);
  report.set("similar_pairs", counts.near.similar_pairs);
}

}  // namespace

cli::ExitCode run(const Options& options) {
  log::RunReport report("gpt-dedup");
  const auto existing = options.common.force ? io::Existing::replace : io::Existing::refuse;
  Corpus corpus(options.corpus.inputs, options.corpus.input_format, options.corpus.temporary_folder);
  io::OutputFile output(options.output, existing);
  std::optional<io::OutputFile> pairs_output;
  if (options.pairs) pairs_output.emplace(*options.pairs, existing);

  DigestedCorpus digested = digest_corpus(corpus, options);
  Counts counts;
  if (options.method == Method::minhash) counts.near = group_near_duplicates(corpus, digested, options);
  if (pairs_output) write_pairs(digested, std::move(counts.near.pairs), corpus, *pairs_output);
  counts.out = write_kept(corpus, digested.catalogue, digested.groups, options, output);
  if (pairs_output) pairs_output->commit_or_throw();
  output.commit_or_throw();

  counts.bytes_in = corpus.bytes();
  counts.in = digested.catalogue.size();
  counts.exact = digested.exact_duplicates;
  if (digested.errors.count() > 0) log::warning(digested.errors.summary());
  log::info(std::to_string(counts.in) + " documents in, " + std::to_string(counts.out) +
            " out: " + std::to_string(counts.exact) + " exact and " +
            std::to_string(counts.near_duplicates()) + " near duplicates removed");
  if (options.common.report) {
    fill_report(report, options, counts, digested.errors);
    report.write_or_throw(*options.common.report);
  }
  return cli::ExitCode::done;
}

}  // namespace gpt::dedup
