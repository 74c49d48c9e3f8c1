#include "apps/gpt-dedup/near/near_stage.hpp"

#include <utility>

#include "apps/gpt-dedup/near/candidate_texts.hpp"
#include "apps/gpt-dedup/near/lsh.hpp"
#include "apps/gpt-dedup/near/near_grouper.hpp"
#include "apps/gpt-dedup/placed_texts.hpp"

namespace gpt::dedup {

std::unique_ptr<Texts> candidate_texts(Corpus& corpus, const DigestedCorpus& digested,
                                       const std::function<std::vector<bool>()>& wanted,
                                       const CorpusOptions& options, const cli::CommonOptions& common) {
  if (const auto files = corpus.plain_files())
    return std::make_unique<PlacedTexts>(digested.catalogue, *files, options.text_key);
  return std::make_unique<CandidateTexts>(
      collect_texts(corpus, digested.catalogue, digested.lines_of_files, wanted(), options, common));
}

NearResult group_near_duplicates(Corpus& corpus, DigestedCorpus& digested, const Options& options) {
  NearResult result;
  const auto bands = static_cast<std::size_t>(options.minhash.bands);
  const SortedBuckets buckets(digested.signatures, bands);
  if (options.minhash.verify == Verify::shingles) {
    const auto wanted = [&] {
      return candidates(buckets, bands, digested.signatures, digested.catalogue.size());
    };
    result.texts = candidate_texts(corpus, digested, wanted, options.corpus, options.common);
  }
  NearGrouper grouper(digested.signatures, digested.groups, result.texts.get(), options.minhash,
                      options.common, options.pairs ? Listing::all_pairs : Listing::none);
  grouper.compare(buckets);
  result.pairs = std::move(grouper.listed());
  result.compared_pairs = grouper.compared_pairs();
  return result;
}

}  // namespace gpt::dedup
