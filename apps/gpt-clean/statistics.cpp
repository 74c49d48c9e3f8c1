#include "apps/gpt-clean/statistics.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

namespace gpt::clean {
namespace {

void absorb_shares(Shares& shares, const Shares& others) {
  for (const auto& [name, share] : others) shares[name].absorb(share);
}

}  // namespace

Distribution::Distribution(const Buckets& buckets, std::uint64_t sum, std::uint64_t least,
                           std::uint64_t greatest)
    : buckets_(buckets),
      count_(std::accumulate(buckets.begin(), buckets.end(), std::uint64_t{0})),
      sum_(sum),
      least_(least),
      greatest_(greatest) {}

void Distribution::add(std::uint64_t size) {
  least_ = count() == 0 ? size : std::min(least_, size);
  greatest_ = std::max(greatest_, size);
  sum_ += size;
  ++count_;
  ++buckets_[static_cast<std::size_t>(std::bit_width(size))];
}

void Distribution::absorb(const Distribution& other) {
  if (other.count() == 0) return;
  least_ = count() == 0 ? other.least_ : std::min(least_, other.least_);
  greatest_ = std::max(greatest_, other.greatest_);
  sum_ += other.sum_;
  count_ += other.count_;
  for (std::size_t i = 0; i < kBuckets; ++i) buckets_[i] += other.buckets_[i];
}

double Distribution::mean() const {
  const std::uint64_t all = count();
  return all == 0 ? std::numeric_limits<double>::quiet_NaN()
                  : static_cast<double>(sum_) / static_cast<double>(all);
}

std::uint64_t Distribution::at_most(double share) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count())));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += buckets_[i];
    if (seen < wanted || seen == 0) continue;
    return i + 1 < kBuckets ? std::min(greatest_, lower_end(i + 1) - 1) : greatest_;
  }
  return greatest_;
}

void Share::absorb(const Share& other) {
  documents += other.documents;
  characters += other.characters;
  words += other.words;
}

void Statistics::absorb(const Statistics& other) {
  bytes += other.bytes;
  characters_per_document.absorb(other.characters_per_document);
  words_per_document.absorb(other.words_per_document);
  sentences_per_document.absorb(other.sentences_per_document);
  characters_per_sentence.absorb(other.characters_per_sentence);
  words_per_sentence.absorb(other.words_per_sentence);
  tokens_per_document.absorb(other.tokens_per_document);
  tokens_per_sentence.absorb(other.tokens_per_sentence);
  absorb_shares(languages, other.languages);
  absorb_shares(sources, other.sources);
}

}  // namespace gpt::clean
