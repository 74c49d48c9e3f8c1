#include <algorithm>
#include <map>
#include <optional>

#include "apps/gpt-dedup/group_list.hpp"
#include "apps/gpt-dedup/keep_policy.hpp"
#include "apps/gpt-dedup/stages/kept_file.hpp"
#include "apps/gpt-dedup/stages/pair_file.hpp"
#include "apps/gpt-dedup/stages/pair_merge.hpp"
#include "apps/gpt-dedup/stages/section_file.hpp"
#include "apps/gpt-dedup/stages/shared_corpus.hpp"
#include "apps/gpt-dedup/stages/shared_texts.hpp"
#include "apps/gpt-dedup/stages/stage_output.hpp"
#include "apps/gpt-dedup/stages/stages.hpp"
#include "libcommon/cli/run_files.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/run_report.hpp"

namespace gpt::dedup {
namespace {

std::vector<PairFile> pair_files_or_throw(const std::string& folder, const SharedCorpus& corpus) {
  std::vector<PairFile> files;
  for (const std::string& path : stage_files_or_throw(folder, "pairs")) {
    files.push_back(PairFile::open_or_throw(path));
    const PairHeader& header = files.back().header();
    const PairHeader& first = files.front().header();
    if (header.documents != corpus.documents() || header.corpus != corpus.fingerprint())
      throw io::DataError(
          path, "was made of other signature files than those that lie beside it: run gpt-dedup pairs again");
    if (header.threshold != first.threshold || header.verify != first.verify ||
        header.listing != first.listing)
      throw io::DataError(path,
                          "was made with another threshold, verification or --all-pairs than the first: run "
                          "gpt-dedup pairs alike for all shares");
  }
  return files;
}

void check_listing_or_throw(const std::vector<PairFile>& files, const std::string& folder,
                            const GroupsOptions& options) {
  if (options.pairs && files.front().header().listing != Listing::all_pairs)
    throw io::DataError(folder,
                        "its pairs files do not hold every pair, which --pairs is to list: run "
                        "gpt-dedup pairs with --all-pairs");
}

KeptHeader header_of(const SharedCorpus& corpus, const std::vector<PairFile>& files,
                     const KeepOptions& keep) {
  std::vector<std::uint64_t> fingerprints;
  for (const PairFile& file : files) fingerprints.push_back(file.fingerprint());
  return {corpus.documents(), corpus.fingerprint(), fingerprint_of(fingerprints), keep.priority,
          keep.across_only};
}

// Reads through what groups are made of; lists show more.
void verify_or_throw(const SharedCorpus& corpus, const GroupsOptions& options) {
  for (const SignatureFile& share : corpus.shares()) {
    if (options.list)
      share.verify_or_throw();
    else
      share.verify_groups_or_throw();
    if (options.pairs) share.verify_places_or_throw();
    for (const EqualPair& pair : share.equals())
      if (std::max(pair.first, pair.later) >= share.header().documents) share.refuse_number_or_throw();
  }
}

void unite(DisjointSets& groups, std::span<const EqualPair> pairs, DocumentId first_document) {
  for (const EqualPair& pair : pairs) groups.unite(first_document + pair.first, first_document + pair.later);
}

DisjointSets equal_documents(const SharedCorpus& corpus, const std::vector<PairFile>& files) {
  DisjointSets groups;
  for (std::size_t i = 0; i < corpus.documents(); ++i) groups.add();
  for (std::size_t share = 0; share < corpus.shares().size(); ++share)
    unite(groups, corpus.shares()[share].equals(), corpus.first_document(share));
  for (const PairFile& file : files) unite(groups, file.pairs().equals, 0);
  groups.flatten();
  return groups;
}

std::vector<double> scores_of(const SharedCorpus& corpus) {
  std::vector<double> scores;
  for (const SignatureFile& share : corpus.shares())
    scores.insert(scores.end(), share.scores().begin(), share.scores().end());
  return scores;
}

// Flags all documents that are compared when groups are listed.
std::vector<bool> grouped(const DisjointSets& groups) {
  std::vector<bool> flags(groups.size());
  for (DocumentId document = 0; document < groups.size(); ++document)
    if (groups.name(document) != document) flags[document] = flags[groups.name(document)] = true;
  return flags;
}

// What is to be written; with --resume not what is there already. The file of the stage comes last, so that
// the lists are whole where it lies.
struct Outputs {
  Outputs(const GroupsOptions& options, const KeptHeader& header)
      : kept(open_kept(kept_file_name(options.stage.folder), header, options.stage)),
        list(open_list(options.list, options.stage)),
        pairs(open_list(options.pairs, options.stage)) {}
  bool all_there() const { return !kept && !list && !pairs; }
  void commit_or_throw() {
    for (auto* output : {&list, &pairs, &kept})
      if (*output) (*output)->commit_or_throw();
  }

  std::optional<io::OutputFile> kept, list, pairs;

 private:
  static std::optional<io::OutputFile> open_kept(const std::string& path, const KeptHeader& header,
                                                 const StageOptions& options) {
    const auto there = [&] { return read_kept_file_or_throw(path).header.settings(); };
    return open_stage_output({path, header.settings(), there}, options);
  }
  // A list does not say what it was made of: with --resume it is left unlooked at.
  static std::optional<io::OutputFile> open_list(const std::optional<std::string>& path,
                                                 const StageOptions& options) {
    if (!path) return std::nullopt;
    return open_stage_output({*path, {}, [] { return Settings(); }}, options);
  }
};

void list_groups(const SharedCorpus& corpus, const std::vector<DocumentId>& equal_to,
                 const DisjointSets& groups, const Selection& selection, const PairHeader& pairs,
                 const GroupsOptions& options, io::OutputFile& output) {
  MinHashOptions minhash = corpus.settings().minhash;
  minhash.threshold = pairs.threshold;
  minhash.verify = pairs.verify;
  std::unique_ptr<Texts> texts;
  if (pairs.verify == Verify::shingles)
    texts = texts_of(
        corpus, {}, [&] { return grouped(groups); }, options.temporary_folder, options.stage.common);
  const Comparison comparison = comparison_by_signatures(corpus, texts.get(), minhash);
  write_groups({corpus, corpus.part_names(), equal_to, groups, selection, comparison}, output);
}

void check_files_of(const GroupsOptions& options, const SharedCorpus& corpus) {
  const std::string& folder = options.stage.folder;
  cli::RunFiles files;
  files.add_output("--work", kept_file_name(folder));
  files.add_output("--list", options.list);
  files.add_output("--pairs", options.pairs);
  files.add_inputs("--work", stage_files_or_throw(folder, "signatures"));
  files.add_inputs("--work", stage_files_or_throw(folder, "pairs"));
  files.add_inputs("an input of the signatures", corpus.part_names());
  cli::check_files_or_throw(std::move(files), options.stage.common.report);
}

void write_report(log::RunReport& report, const SharedCorpus& corpus, const std::vector<PairFile>& files,
                  const Selection& selection, const std::vector<DocumentId>& equal_to,
                  const std::string& path) {
  const std::uint64_t in = corpus.documents() - selection.references;
  const std::uint64_t exact = removed_equal(corpus, selection, equal_to, corpus.datasets());
  std::uint64_t bytes = 0;
  std::uint64_t bad_records = 0;
  for (const SignatureFile& share : corpus.shares()) {
    bytes += share.header().bytes;
    bad_records += share.header().bad_records;
  }
  std::uint64_t compared = 0;
  for (const PairFile& file : files) compared += file.header().compared;
  report.set("bytes_in", bytes);
  report.set("documents_in", in);
  report.set("documents_out", selection.kept_count);
  report.set("documents_against", selection.references);
  report.set("bad_records", bad_records);
  report.set("reasons",
             std::map<std::string, std::uint64_t>{{"exact_duplicate", exact},
                                                  {"near_duplicate", in - selection.kept_count - exact}});
  report.set("compared_pairs", compared);
  report.write_or_throw(path);
}

}  // namespace

cli::ExitCode run(const GroupsOptions& options) {
  log::RunReport report("gpt-dedup groups");
  const SharedCorpus corpus = SharedCorpus::open_or_throw(options.stage.folder);
  const std::vector<PairFile> files = pair_files_or_throw(options.stage.folder, corpus);
  const KeptHeader header = header_of(corpus, files, options.keep);
  Outputs outputs(options, header);
  if (outputs.all_there()) return cli::ExitCode::done;
  check_files_of(options, corpus);
  corpus.check_inputs_or_throw();
  check_listing_or_throw(files, options.stage.folder, options);
  verify_or_throw(corpus, options);
  DisjointSets groups = equal_documents(corpus, files);
  const bool equals_shown = options.list || options.pairs || options.stage.common.report;
  const auto equal_to = equals_shown ? groups.names() : std::vector<DocumentId>();
  for (const PairFile& file : files) unite(groups, file.pairs().similar, 0);
  groups.flatten();
  KeepOptions keep = options.keep;
  keep.keep = corpus.settings().keep;
  check_priority_or_throw(keep, corpus.part_names());
  const Selection selection = choose(corpus, groups, scores_of(corpus), corpus.datasets(), keep);
  if (outputs.list)
    list_groups(corpus, equal_to, groups, selection, files.front().header(), options, *outputs.list);
  if (outputs.pairs) write_all_pairs(corpus, equal_to, files, *outputs.pairs);
  if (outputs.kept) write_kept_file_or_throw(*outputs.kept, header, selection.kept);
  outputs.commit_or_throw();
  log::info(std::to_string(corpus.documents() - selection.references) + " documents, " +
            std::to_string(selection.kept_count) + " of them stay");
  if (options.stage.common.report)
    write_report(report, corpus, files, selection, equal_to, *options.stage.common.report);
  return cli::ExitCode::done;
}

}  // namespace gpt::dedup
