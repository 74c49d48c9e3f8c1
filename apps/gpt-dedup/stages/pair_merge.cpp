#include "apps/gpt-dedup/stages/pair_merge.hpp"

#include <algorithm>
#include <optional>
#include <queue>
#include <span>
#include <tuple>

#include "apps/gpt-dedup/pair_list.hpp"
#include "libcommon/cli/stop_signals.hpp"

namespace gpt::dedup {
namespace {

// The listed pairs of all files in order, each once.
class ListedMerge {
 public:
  explicit ListedMerge(const std::vector<PairFile>& files) {
    for (const PairFile& file : files)
      if (!file.pairs().listed.empty()) rests_.push(file.pairs().listed);
  }

  std::optional<ListedPair> next() {
    if (rests_.empty()) return std::nullopt;
    const ListedPair pair = rests_.top().front();
    while (!rests_.empty() && place_of(rests_.top()) == std::tuple(pair.first, pair.later)) {
      const Rest rest = rests_.top();
      rests_.pop();
      if (rest.size() > 1) rests_.push(rest.subspan(1));
    }
    return pair;
  }

 private:
  using Rest = std::span<const ListedPair>;  // of a file, not empty
  static std::tuple<DocumentId, DocumentId> place_of(const Rest& rest) {
    return {rest.front().first, rest.front().later};
  }
  struct Later {
    bool operator()(const Rest& a, const Rest& b) const { return place_of(a) > place_of(b); }
  };
  std::priority_queue<Rest, std::vector<Rest>, Later> rests_;
};

std::vector<EqualPair> equal_pairs(const std::vector<DocumentId>& equal_to) {
  std::vector<EqualPair> pairs;
  for (DocumentId document = 0; document < equal_to.size(); ++document)
    if (equal_to[document] != document) pairs.push_back({equal_to[document], document});
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const EqualPair& a, const EqualPair& b) { return a.first < b.first; });
  return pairs;
}

Pair as_pair(const ListedPair& listed, Verify verify) {
  Pair pair{listed.first, listed.later, {}, listed.signature};
  if (verify == Verify::shingles) pair.jaccard = listed.jaccard;
  return pair;
}

}  // namespace

void write_all_pairs(const SharedCorpus& corpus, const std::vector<DocumentId>& equal_to,
                     const std::vector<PairFile>& files, io::OutputFile& output) {
  const std::vector<std::string> names = corpus.part_names();
  const auto write = [&](const Pair& pair) { output.write_or_throw(pair_line(pair, corpus, names)); };
  const std::vector<EqualPair> equals = equal_pairs(equal_to);
  auto equal = equals.begin();
  const auto write_equals_before = [&](const ListedPair& pair) {
    for (; equal != equals.end() && std::tie(equal->first, equal->later) < std::tie(pair.first, pair.later);
         ++equal)
      write({equal->first, equal->later, {}, {}});
  };
  ListedMerge merge(files);
  while (const auto pair = merge.next()) {
    cli::throw_if_stop_requested();
    write_equals_before(*pair);
    write(as_pair(*pair, files.front().header().verify));
  }
  write_equals_before({~DocumentId{0}, ~DocumentId{0}});
}

}  // namespace gpt::dedup
