#include <algorithm>
#include <filesystem>

#include "apps/gpt-dedup/near/near_grouper.hpp"
#include "apps/gpt-dedup/stages/pair_file.hpp"
#include "apps/gpt-dedup/stages/shared_corpus.hpp"
#include "apps/gpt-dedup/stages/shared_texts.hpp"
#include "apps/gpt-dedup/stages/stage_output.hpp"
#include "apps/gpt-dedup/stages/stages.hpp"
#include "libcommon/cli/run_files.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/run_report.hpp"

namespace gpt::dedup {
namespace {

MinHashOptions settings_of(const SharedCorpus& corpus, const PairsOptions& options) {
  MinHashOptions minhash = corpus.settings().minhash;
  minhash.threshold = options.minhash.threshold;
  minhash.verify = options.minhash.verify;
  return minhash;
}

// Every task looks at all signature files, but reads few of them whole: together the tasks verify them all.
void verify_own_shares_or_throw(const SharedCorpus& corpus, io::Shard shard) {
  const auto world = static_cast<std::size_t>(shard.world);
  for (auto share = static_cast<std::size_t>(shard.rank); share < corpus.shares().size(); share += world)
    corpus.shares()[share].verify_or_throw();
}

// What is known of the groups before any comparison.
DisjointSets equal_groups(const SharedCorpus& corpus, const EqualAcrossShares& equal) {
  DisjointSets groups;
  for (std::size_t i = 0; i < corpus.documents(); ++i) groups.add();
  for (const EqualPair& pair : equal.pairs) groups.unite(pair.first, pair.later);
  return groups;
}

std::vector<ListedPair> listed_pairs(const std::vector<Pair>& pairs) {
  std::vector<ListedPair> listed;
  listed.reserve(pairs.size());
  for (const Pair& pair : pairs)
    listed.push_back({pair.first, pair.second, pair.jaccard.value_or(0), pair.signature.value_or(0)});
  return listed;
}

PairHeader header_of(const SharedCorpus& corpus, const MinHashOptions& minhash, const PairsOptions& options) {
  PairHeader header;
  header.shard = options.stage.shard;
  header.threshold = minhash.threshold;
  header.verify = minhash.verify;
  header.documents = corpus.documents();
  header.corpus = corpus.fingerprint();
  header.listing = options.listing;
  return header;
}

// What comes of a share of the buckets.
struct ComparedShare {
  std::vector<EqualPair> equals;  // documents of different shares; of the first task, though all find them
  std::vector<EqualPair> similar;
  std::vector<ListedPair> listed;
  std::uint64_t compared = 0;
};

ComparedShare compare_share(const SharedCorpus& corpus, const MinHashOptions& minhash,
                            const PairsOptions& options) {
  const io::Shard shard = options.stage.shard;
  const cli::CommonOptions& common = options.stage.common;
  const EqualAcrossShares equal = find_equal_across_shares(corpus);
  const MergedBuckets buckets(corpus, equal.dropped, shard);
  std::unique_ptr<Texts> texts;
  if (minhash.verify == Verify::shingles) {
    const auto wanted = [&] {
      return candidates(buckets, static_cast<std::size_t>(minhash.bands), corpus, corpus.documents());
    };
    texts = texts_of(corpus, shard, wanted, options.temporary_folder, common);
  }
  DisjointSets groups = equal_groups(corpus, equal);
  NearGrouper grouper(corpus, groups, texts.get(), minhash, common, options.listing);
  ComparedShare result;
  for (const auto& [first, second] : grouper.compare(buckets)) result.similar.push_back({first, second});
  result.listed = listed_pairs(grouper.listed());
  if (shard.rank == 0) result.equals = equal.pairs;
  result.compared = grouper.compared_pairs();
  return result;
}

void check_files_of(const PairsOptions& options, const std::string& path) {
  cli::RunFiles files;
  files.add_output("--work", path);
  files.add_inputs("--work", stage_files_or_throw(options.stage.folder, "signatures"));
  cli::check_files_or_throw(std::move(files), options.stage.common.report);
}

}  // namespace

cli::ExitCode run(const PairsOptions& options) {
  log::RunReport report("gpt-dedup pairs");
  const std::string path = pair_file_name(options.stage.folder, options.stage.shard);
  const SharedCorpus corpus = SharedCorpus::open_or_throw(options.stage.folder);
  check_files_of(options, path);
  const MinHashOptions minhash = settings_of(corpus, options);
  PairHeader header = header_of(corpus, minhash, options);
  const auto there = [&] { return PairFile::open_or_throw(path).header().settings(); };
  auto output = open_stage_output({path, header.settings(), there}, options.stage);
  if (!output) return cli::ExitCode::done;
  corpus.check_inputs_or_throw();
  verify_own_shares_or_throw(corpus, options.stage.shard);
  const ComparedShare found = compare_share(corpus, minhash, options);
  header.compared = found.compared;
  write_pair_file_or_throw(*output, header, {found.equals, found.similar, found.listed});
  output->commit_or_throw();
  log::info(path + ": " + std::to_string(found.compared) + " pairs compared, " +
            std::to_string(found.similar.size()) + " of them join groups");
  if (options.stage.common.report) {
    report.set("output", path);
    report.set("documents_in", std::uint64_t{corpus.documents()});
    report.set("compared_pairs", found.compared);
    report.set("joining_pairs", std::uint64_t{found.similar.size()});
    report.write_or_throw(*options.stage.common.report);
  }
  return cli::ExitCode::done;
}

}  // namespace gpt::dedup
