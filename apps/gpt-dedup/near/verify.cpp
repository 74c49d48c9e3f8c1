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
    const Entry& entry_a = entry_of(a);
    const Entry& entry_b = entry_of(b);  // list entries stay where they are
    const bool small = !entry_a.is_long && !entry_b.is_long;
    pair.jaccard = small ? jaccard(entry_a.set, entry_b.set) : jaccard_of_long(a, b);
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
  const Entry& entry_a = entry_of(a);
  const Entry& entry_b = entry_of(b);
  if (entry_a.is_long || entry_b.is_long) return jaccard_of_long(a, b) >= threshold_;
  return jaccard_reaches(entry_a.set, entry_b.set, threshold_);
}

std::string PairJudge::text_of(Row row) const { return texts_->text_or_throw(signatures_.document(row)); }

double PairJudge::jaccard_of_long(Row a, Row b) {
  return jaccard_by_parts(shingler_, text_of(a), text_of(b), kPartBytes);
}

const PairJudge::Entry& PairJudge::entry_of(Row row) {
  const auto known = cached_.find(row);
  if (known != cached_.end()) {
    used_.splice(used_.begin(), used_, known->second);
    return used_.front();
  }
  const std::string text = text_of(row);
  const bool is_long = text.size() > kLongText;
  used_.push_front({row, is_long, is_long ? ShingleSet() : shingle_set(shingler_, text)});
  cached_[row] = used_.begin();
  cached_bytes_ += used_.front().set.size() * sizeof(std::uint64_t);
  forget_oldest_but_two();
  return used_.front();
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
