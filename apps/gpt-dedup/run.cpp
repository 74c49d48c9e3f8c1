#include "apps/gpt-dedup/run.hpp"

#include <map>
#include <optional>

#include "apps/gpt-dedup/corpus.hpp"
#include "apps/gpt-dedup/digest_stage.hpp"
#include "apps/gpt-dedup/embedding/embedding_stage.hpp"
#include "apps/gpt-dedup/filter_stage.hpp"
#include "apps/gpt-dedup/group_list.hpp"
#include "apps/gpt-dedup/keep_policy.hpp"
#include "apps/gpt-dedup/near/near_stage.hpp"
#include "apps/gpt-dedup/rewrite/kept_documents.hpp"
#include "apps/gpt-dedup/rewrite/rewrite.hpp"
#include "apps/gpt-dedup/stream_stage.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/io/output_place.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/run_report.hpp"

namespace gpt::dedup {
namespace {

struct Counts {
  std::uint64_t bytes_in = 0;
  std::uint64_t in = 0;
  std::uint64_t references = 0;
  std::uint64_t out = 0;
  std::uint64_t exact = 0;  // of the removed ones
  std::uint64_t kept = 0;   // of duplicates; all of them come out unless their texts are changed
  std::uint64_t compared_pairs = 0;
  VectorSearch search = VectorSearch::exact;  // with Method::embedding
  io::RecordErrors errors;
  RewriteResults rewritten;  // of each step; empty where texts stay as they are

  std::uint64_t near_duplicates() const { return in - kept - exact; }
};

// The lists that were asked for; they open before any work.
struct Lists {
  std::optional<io::OutputFile> pairs;
  std::optional<io::OutputFile> groups;

  Lists(const Options& options, io::Existing existing) {
    if (options.pairs) pairs.emplace(*options.pairs, existing);
    if (options.groups) groups.emplace(*options.groups, existing);
  }
  void commit_or_throw() {
    if (pairs) pairs->commit_or_throw();
    if (groups) groups->commit_or_throw();
  }
};

std::vector<Dataset> datasets_of(const CorpusOptions& options) {
  std::vector<Dataset> datasets;
  for (const std::string& name : options.against) datasets.push_back({name, true});
  for (const std::string& name : options.inputs) datasets.push_back({name, false});
  return datasets;
}

void write_pairs(const DigestedCorpus& digested, const std::vector<DocumentId>& equal_to,
                 std::vector<Pair> pairs, const Corpus& corpus, io::OutputFile& output) {
  for (DocumentId document = 0; document < equal_to.size(); ++document)
    if (equal_to[document] != document) pairs.push_back({equal_to[document], document, {}, {}});
  sort_pairs(pairs);
  for (const Pair& pair : pairs) output.write_or_throw(pair_line(pair, digested.catalogue, corpus.inputs()));
}

// How the members of a group are compared with the chosen one.
Comparison comparison_of(const DigestedCorpus& digested, const NearResult& near, const Options& options) {
  if (near.comparison) return near.comparison;
  return comparison_by_signatures(digested.signatures, near.texts.get(), options.minhash);
}

// The kept documents with what the rewriting steps make of them.
RewriteResults rewrite_kept(Corpus& corpus, DigestedCorpus& digested, NearResult& near,
                            const Selection& selection, const Options& options, io::OutputFile& output) {
  KeptDocuments documents(corpus, options.corpus, options.common);
  documents.keep_only(digested.catalogue, selection.kept, digested.lines_of_files);
  // The steps to come have their own use for the memory and disk of what is no longer asked.
  digested.signatures = SignatureStore(0);
  digested.first_seen = FirstSeen();
  near.texts.reset();
  return rewrite_documents(documents, options, output);
}

Counts run_stages(const Options& options, io::OutputFile& output, Lists& lists) {
  const std::size_t references = options.corpus.against.size();
  Corpus corpus(options.corpus.all_inputs(), options.corpus.input_format, options.corpus.temporary_folder);
  DigestedCorpus digested = digest_corpus(corpus, options);
  const std::vector<DocumentId> equal_to = digested.groups.names();
  NearResult near;
  if (options.method == Method::minhash) near = group_near_duplicates(corpus, digested, options);
  if (options.method == Method::embedding) near = group_by_embedding(corpus, digested, options);
  digested.groups.flatten();
  const std::vector<Dataset> datasets = datasets_of(options.corpus);
  const Selection selection =
      choose(digested.catalogue, digested.groups, digested.scores, datasets, options.keep);
  if (lists.pairs) write_pairs(digested, equal_to, std::move(near.pairs), corpus, *lists.pairs);
  if (lists.groups)
    write_groups({digested.catalogue, corpus.inputs(), equal_to, digested.groups, selection,
                  comparison_of(digested, near, options)},
                 *lists.groups);
  Counts counts;
  counts.kept = selection.kept_count;
  if (options.rewrite.wanted()) {
    counts.rewritten = rewrite_kept(corpus, digested, near, selection, options, output);
    counts.out = counts.rewritten.back().second.documents_out;
  } else {
    counts.out = write_kept(corpus, digested.catalogue, digested.lines_of_files, selection.kept, references,
                            {options.output, options.corpus.text_key, options.common}, output);
  }
  counts.bytes_in = corpus.bytes();
  counts.references = selection.references;
  counts.in = digested.catalogue.size() - selection.references;
  counts.exact = removed_equal(digested.catalogue, selection, equal_to, datasets);
  counts.compared_pairs = near.compared_pairs;
  counts.search = near.search;
  counts.errors = std::move(digested.errors);
  return counts;
}

Counts run_stream(const Options& options, io::OutputFile& output) {
  Corpus corpus(options.corpus.all_inputs(), options.corpus.input_format, options.corpus.temporary_folder,
                Readings::once);
  StreamCounts streamed = stream_first_seen(corpus, options, output);
  Counts counts;
  counts.bytes_in = corpus.bytes();
  counts.in = streamed.in;
  counts.references = streamed.references;
  counts.out = counts.kept = streamed.out;
  counts.exact = streamed.in - streamed.out;
  counts.errors = std::move(streamed.errors);
  return counts;
}

// Nothing is compared: the texts alone change.
Counts run_rewriting(const Options& options, io::OutputFile& output) {
  Corpus corpus(options.corpus.inputs, options.corpus.input_format, options.corpus.temporary_folder);
  KeptDocuments documents(corpus, options.corpus, options.common);
  Counts counts;
  counts.rewritten = rewrite_documents(documents, options, output);
  counts.out = counts.rewritten.back().second.documents_out;
  counts.bytes_in = corpus.bytes();
  counts.in = counts.kept = documents.documents();
  counts.errors = documents.errors();
  return counts;
}

Counts run_as_asked(const Options& options, io::OutputFile& output, Lists& lists) {
  if (options.method == Method::none) return run_rewriting(options, output);
  const bool one_reading = options.method != Method::minhash && options.method != Method::embedding &&
                           options.keep.is_first() && !options.groups && !options.rewrite.wanted();
  return one_reading ? run_stream(options, output) : run_stages(options, output, lists);
}

std::string summary(const Counts& counts) {
  std::string line = std::to_string(counts.in) + " documents in, " + std::to_string(counts.out) +
                     " out: " + std::to_string(counts.exact) + " exact and " +
                     std::to_string(counts.near_duplicates()) + " near duplicates removed";
  for (const auto& [step, result] : counts.rewritten) line += "; " + result.summary;
  return line;
}

const char* name_of(Method method) {
  if (method == Method::none) return "none";
  if (method == Method::exact) return "exact";
  if (method == Method::embedding) return "embedding";
  return method == Method::url ? "url" : "minhash";
}

void fill_report(log::RunReport& report, const Options& options, const Counts& counts) {
  report.set("inputs", options.corpus.inputs);
  if (!options.corpus.against.empty()) report.set("against", options.corpus.against);
  report.set("output", options.output);
  report.set("method", name_of(options.method));
  if (options.method == Method::minhash) {
    const bool words = options.minhash.shingles.unit == ShingleUnit::words;
    report.set(words ? "word_ngram" : "char_ngram", options.minhash.shingles.length);
    report.set("seeds", options.minhash.seeds);
    report.set("bands", options.minhash.bands);
    report.set("threshold", options.minhash.threshold);
  }
  if (options.method == Method::embedding) {
    report.set("cosine", options.embedding.cosine);
    report.set("search", name_of(counts.search));
  }
  report.set("bytes_in", counts.bytes_in);
  report.set("documents_in", counts.in);
  report.set("documents_out", counts.out);
  report.set("documents_against", counts.references);
  report.set("bad_records", counts.errors.count());
  report.set("first_errors", counts.errors.first_messages());
  std::map<std::string, std::uint64_t> reasons{{"exact_duplicate", counts.exact},
                                               {"near_duplicate", counts.near_duplicates()}};
  for (const auto& [step, result] : counts.rewritten)
    reasons.insert(result.reasons.begin(), result.reasons.end());
  report.set("reasons", reasons);
  if (!counts.rewritten.empty()) report_rewriting(counts.rewritten, report);
  report.set("compared_pairs", counts.compared_pairs);
}

void check_files_of(const Options& options) {
  cli::RunFiles files;
  files.add_output("--output", options.output);
  files.add_output("--pairs", options.pairs);
  files.add_output("--groups", options.groups);
  if (options.rewrite.decontaminate) {
    files.add_output("--matches", options.rewrite.decontaminate->matches);
    files.add_inputs("--decontaminate", options.rewrite.decontaminate->tasks);
  }
  files.add_input("--vectors", options.embedding.vectors.value_or(""));
  check_files_or_throw(std::move(files), options.corpus, options.common);
}

}  // namespace

cli::ExitCode run(const Options& options) {
  log::RunReport report("gpt-dedup");
  check_files_of(options);
  const auto existing = options.common.force ? io::Existing::replace : io::Existing::refuse;
  io::OutputFile output(options.output, existing);
  Lists lists(options, existing);
  for (const std::string& path : options.rewrite.side_outputs())
    io::check_output_place_or_throw(path, existing);
  const Counts counts = run_as_asked(options, output, lists);
  lists.commit_or_throw();
  output.commit_or_throw();

  if (counts.errors.count() > 0) log::warning(counts.errors.summary());
  log::info(summary(counts));
  if (options.common.report) {
    fill_report(report, options, counts);
    report.write_or_throw(*options.common.report);
  }
  return cli::ExitCode::done;
}

}  // namespace gpt::dedup
