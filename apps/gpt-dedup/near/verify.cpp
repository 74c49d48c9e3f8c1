#include "apps/gpt-dedup/near/verify.hpp"

#include "apps/gpt-dedup/near/minhash.hpp"

namespace gpt::dedup {

PairJudge::PairJudge(const Signatures& signatures, const Texts* texts, const MinHashOptions& options)
    : signatures_(signatures),
      texts_(texts),
      threshold_(options.threshold),
      least_plausible_(texts == nullptr ? options.threshold
                                        : least_plausible_similarity(options.threshold, options.seeds)),
      shingler_(options.shingles) {}

Pair PairJudge::compare(Row a, Row b) {
  Pair pair;
  pair.first = signatures_.document(a);
  pair.second = signatures_.document(b);
  pair.signature = signature_similarity(signatures_.signature(a), signatures_.signature(b));
  if (texts_ != nullptr) {
    const ShingleSet& set_a = set_of(a);
    const ShingleSet& set_b = set_of(b);  // list entries stay where they are
    pair.jaccard = jaccard(set_a, set_b);
  }
  return pair;
}

bool PairJudge::similar(const Pair& pair) const {
  return pair.jaccard.value_or(pair.signature.value_or(0)) >= threshold_;
}

bool PairJudge::may_be_similar(Row a, Row b) const {
  return signature_similarity(signatures_.signature(a), signatures_.signature(b)) >= least_plausible_;
}

bool PairJudge::similar(Row a, Row b) {
  if (texts_ == nullptr) return may_be_similar(a, b);
  const ShingleSet& set_a = set_of(a);
  return jaccard_reaches(set_a, set_of(b), threshold_);
}

const PairJudge::ShingleSet& PairJudge::set_of(Row row) {
  const auto known = cached_.find(row);
  if (known != cached_.end()) {
    used_.splice(used_.begin(), used_, known->second);
    return used_.front().set;
  }
  used_.push_front({row, shingle_set(shingler_, texts_->text_or_throw(signatures_.document(row)))});
  cached_[row] = used_.begin();
  cached_bytes_ += used_.front().set.size() * sizeof(std::uint64_t);
  forget_oldest_but_two();
  return used_.front().set;
}

// The two sets of the comparison under way stay.
void PairJudge::forget_oldest_but_two() {
  while (cached_bytes_ > kCacheBytes && used_.size() > 2) {
    cached_bytes_ -= used_.back().set.size() * sizeof(std::uint64_t);
    cached_.erase(used_.back().row);
    used_.pop_back();
  }
}

}  // namespace gpt::dedup
