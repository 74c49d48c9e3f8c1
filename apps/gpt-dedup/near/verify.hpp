#pragma once

#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "apps/gpt-dedup/near/candidate_texts.hpp"
#include "apps/gpt-dedup/near/lsh.hpp"
#include "apps/gpt-dedup/near/shingle_set.hpp"
#include "apps/gpt-dedup/near/signature_store.hpp"
#include "apps/gpt-dedup/options.hpp"
#include "apps/gpt-dedup/pair_list.hpp"

namespace gpt::dedup {

// Compares two candidates; one a thread. Keeps shingle sets used lately, up to 8 MiB of them; those of long
// texts it makes by parts, each time.
class PairJudge {
 public:
  // texts: needed with Verify::shingles, else null.
  PairJudge(const Signatures& signatures, const Texts* texts, const MinHashOptions& options);

  // a stands before b.
  Pair compare(Row a, Row b);
  // Whether what compare gave makes them near duplicates.
  bool similar(const Pair& pair) const;
  // Whether the signatures leave a doubt that they are not. With Verify::signatures they decide.
  bool may_be_similar(Row a, Row b) const;
  // What similar(compare(a, b)) says of those, in less time.
  bool similar(Row a, Row b);

 private:
  using ShingleSet = std::vector<std::uint64_t>;
  struct Entry {
    Row row;
    bool is_long;
    ShingleSet set;  // empty where it is long
  };
  std::string text_of(Row row) const;
  const Entry& entry_of(Row row);
  double jaccard_of_long(Row a, Row b);
  void forget_oldest_but_two();

  static constexpr std::size_t kCacheBytes = std::size_t{8} << 20;
  static constexpr std::size_t kLongText = std::size_t{1} << 20;  // bytes
  static constexpr std::size_t kPartBytes = std::size_t{32} << 20;
  const Signatures& signatures_;
  const Texts* texts_;
  double threshold_;
  double least_plausible_;  // share of equal numbers
  Shingler shingler_;
  std::list<Entry> used_;  // the latest first
  std::unordered_map<Row, std::list<Entry>::iterator> cached_;
  std::size_t cached_bytes_ = 0;
};

}  // namespace gpt::dedup
