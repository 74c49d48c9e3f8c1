#include "apps/gpt-dedup/keep_policy.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace gpt::dedup {
namespace {

// Lower stands before higher: references, then the inputs of --priority, then all others alike.
std::vector<std::size_t> ranks_of(const std::vector<Dataset>& datasets, const KeepOptions& options) {
  std::vector<std::size_t> ranks;
  for (const Dataset& dataset : datasets) {
    const auto named = std::find(options.priority.begin(), options.priority.end(), dataset.name);
    ranks.push_back(dataset.reference ? 0 : 1 + static_cast<std::size_t>(named - options.priority.begin()));
  }
  return ranks;
}

// Files of one name are one dataset: the parts of an input that was read in shares.
std::vector<std::size_t> dataset_numbers(const std::vector<Dataset>& datasets) {
  std::map<std::string, std::size_t> known;
  std::vector<std::size_t> numbers;
  for (const Dataset& dataset : datasets)
    numbers.push_back(known.emplace(dataset.name, known.size()).first->second);
  return numbers;
}

}  // namespace

Selection choose(const Places& places, const DisjointSets& groups, const std::vector<double>& scores,
                 const std::vector<Dataset>& datasets, const KeepOptions& options) {
  const std::vector<std::size_t> ranks = ranks_of(datasets, options);
  const std::vector<std::size_t> numbers = dataset_numbers(datasets);
  const auto better = [&](DocumentId later, DocumentId chosen) {
    const std::size_t rank = ranks[places.place(later).file];
    const std::size_t chosen_rank = ranks[places.place(chosen).file];
    if (rank != chosen_rank) return rank < chosen_rank;
    return !scores.empty() && scores[later] > scores[chosen];
  };
  Selection result;
  const auto documents = static_cast<DocumentId>(groups.size());
  result.kept.resize(documents);
  result.chosen.resize(documents);
  std::iota(result.chosen.begin(), result.chosen.end(), DocumentId{0});
  // A group is named by its first member: the choice starts with that one.
  for (DocumentId document = 0; document < documents; ++document) {
    DocumentId& chosen = result.chosen[groups.name(document)];
    if (chosen != document && better(document, chosen)) chosen = document;
  }
  for (DocumentId document = 0; document < documents; ++document) {
    const std::size_t file = places.place(document).file;
    result.references += datasets[file].reference ? 1 : 0;
    if (datasets[file].reference) continue;
    const DocumentId chosen = result.chosen[groups.name(document)];
    result.kept[document] =
        options.across_only ? numbers[file] == numbers[places.place(chosen).file] : chosen == document;
    result.kept_count += result.kept[document] ? 1 : 0;
  }
  return result;
}

std::uint64_t removed_equal(const Places& places, const Selection& selection,
                            const std::vector<DocumentId>& equal_to, const std::vector<Dataset>& datasets) {
  const auto goes = [&](DocumentId document) {
    return !selection.kept[document] && !datasets[places.place(document).file].reference;
  };
  std::vector<bool> there(equal_to.size());
  for (DocumentId document = 0; document < equal_to.size(); ++document)
    if (!goes(document)) there[equal_to[document]] = true;
  std::uint64_t count = 0;
  for (DocumentId document = 0; document < equal_to.size(); ++document)
    if (goes(document)) count += there[equal_to[document]] || equal_to[document] != document ? 1 : 0;
  return count;
}

}  // namespace gpt::dedup
