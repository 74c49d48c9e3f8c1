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
    listed.push_back({pair.first, pair.second, pair.jaccard.value_or(0), pair.minhash.value_or(0)});
  return listed;
}

}  // namespace

cli::ExitCode run(const PairsOptions& options) {
  log::RunReport report("gpt-dedup pairs");
  const std::string path = pair_file_name(options.stage.folder, options.stage.shard);
  const SharedCorpus corpus = SharedCorpus::open_or_throw(options.stage.folder);
  cli::RunFiles files;
  files.add_output("--work", path);
  files.add_inputs("--work", stage_files_or_throw(options.stage.folder, "signatures"));
  cli::check_files_or_throw(std::move(files), options.stage.common.report);
  auto output = open_stage_output(path, options.stage);
  if (!output) return cli::ExitCode::done;
  corpus.check_inputs_or_throw();
  const MinHashOptions minhash = settings_of(corpus, options);
  verify_own_shares_or_throw(corpus, options.stage.shard);
  const EqualAcrossShares equal = find_equal_across_shares(corpus);
  const MergedBuckets buckets(corpus, equal.dropped, options.stage.shard);
  std::unique_ptr<Texts> texts;
  if (minhash.verify == Verify::shingles) {
    const auto wanted = [&] {
      return candidates(buckets, static_cast<std::size_t>(minhash.bands), corpus, corpus.documents());
    };
    texts = texts_of(corpus, options.stage.shard, wanted, options.temporary_folder, options.stage.common);
  }
  DisjointSets groups = equal_groups(corpus, equal);
  NearGrouper grouper(corpus, groups, texts.get(), minhash, options.stage.common, options.listing);
  std::vector<EqualPair> similar;
  for (const auto& [first, second] : grouper.compare(buckets)) similar.push_back({first, second});
  const std::vector<ListedPair> listed = listed_pairs(grouper.listed());
  // Every task finds the equal ones; the first writes them.
  const auto equals = options.stage.shard.rank == 0 ? equal.pairs : std::vector<EqualPair>();
  PairHeader header;
  header.shard = options.stage.shard;
  header.threshold = minhash.threshold;
  header.verify = minhash.verify;
  header.documents = corpus.documents();
  header.corpus = corpus.fingerprint();
  header.listing = options.listing;
  header.compared = grouper.compared_pairs();
  write_pair_file_or_throw(*output, header, {equals, similar, listed});
  output->commit_or_throw();
  log::info(path + ": " + std::to_string(grouper.compared_pairs()) + " pairs compared, " +
            std::to_string(similar.size()) + " of them join groups");
  if (options.stage.common.report) {
    report.set("output", path);
    report.set("documents_in", std::uint64_t{corpus.documents()});
    report.set("compared_pairs", grouper.compared_pairs());
    report.set("joining_pairs", std::uint64_t{similar.size()});
    report.write_or_throw(*options.stage.common.report);
  }
  return cli::ExitCode::done;
}

}  // namespace gpt::dedup
