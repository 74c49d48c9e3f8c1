#include "libgpt/data/sample_indices.hpp"

#include <cassert>
#include <limits>
#include <numeric>

#include "libgpt/data/errors.hpp"
#include "libgpt/data/numpy_random.hpp"

namespace gpt::data {
namespace {

struct Arrays {
  std::vector<std::int32_t> documents;
  std::vector<std::int32_t> samples;
  std::vector<std::uint32_t> shuffle;
};

std::vector<std::int32_t> document_index(const SequenceRange& range, const EpochPlan& plan,
                                         NumpyRandom& random) {
  const auto sequences = static_cast<std::size_t>(range.size());
  std::vector<std::int32_t> documents(sequences * static_cast<std::size_t>(plan.epochs));
  const std::span all(documents);
  for (std::size_t begin = 0; begin < documents.size(); begin += sequences) {
    const auto epoch = all.subspan(begin, sequences);
    std::iota(epoch.begin(), epoch.end(), static_cast<std::int32_t>(range.begin));
  }
  if (!plan.separate_last_epoch) {
    random.shuffle(all);
  } else {
    random.shuffle(all.first(documents.size() - sequences));
    random.shuffle(all.last(sequences));
  }
  return documents;
}

// Each sample takes sequence_length + 1 tokens and gives the last one back.
std::vector<std::int32_t> sample_index(std::span<const std::int32_t> lengths,
                                       std::span<const std::int32_t> documents, std::int64_t sequence_length,
                                       std::int64_t samples) {
  std::vector<std::int32_t> index(2 * static_cast<std::size_t>(samples + 1));
  std::size_t position = 0;
  std::int64_t offset = 0;
  for (std::size_t i = 1; i <= static_cast<std::size_t>(samples); ++i) {
    std::int64_t remaining = sequence_length + 1;
    while (true) {
      const std::int64_t available = lengths[static_cast<std::size_t>(documents[position])] - offset;
      if (available >= remaining) {
        offset += remaining - 1;
        break;
      }
      remaining -= available;
      offset = 0;
      ++position;
      assert(position < documents.size());
    }
    index[2 * i] = static_cast<std::int32_t>(position);
    index[2 * i + 1] = static_cast<std::int32_t>(offset);
  }
  return index;
}

std::vector<std::uint32_t> shuffle_index(const EpochPlan& plan, NumpyRandom& random) {
  std::vector<std::uint32_t> shuffle(static_cast<std::size_t>(plan.samples));
  std::iota(shuffle.begin(), shuffle.end(), 0u);
  const std::span all(shuffle);
  if (!plan.separate_last_epoch) {
    random.shuffle(all);
  } else {
    const auto first = static_cast<std::size_t>(plan.samples_before_last_epoch);
    random.shuffle(all.first(first));
    random.shuffle(all.subspan(first));
  }
  return shuffle;
}

void check_counts_or_throw(const SequenceRange& range, const EpochPlan& plan) {
  constexpr std::int64_t kLargestPosition = std::numeric_limits<std::int32_t>::max();
  if (range.end > kLargestPosition || range.size() > kLargestPosition / plan.epochs) {
    throw SampleError(std::to_string(plan.epochs) + " epochs of " + std::to_string(range.size()) +
                      " sequences are more than the 2147483647 that a sample index can count: use less data "
                      "or fewer samples");
  }
  if (plan.samples >= std::numeric_limits<std::uint32_t>::max()) {
    throw SampleError(std::to_string(plan.samples) +
                      " samples are more than the 4294967294 that a shuffle index can count");
  }
}

}  // namespace

EpochPlan plan_epochs(std::int64_t tokens_per_epoch, std::int64_t sequence_length, std::int64_t wanted) {
  EpochPlan plan;
  plan.tokens_per_epoch = tokens_per_epoch;
  // (epochs · tokens − 1) / length ≥ wanted, solved for the least number of epochs.
  plan.epochs = std::max<std::int64_t>(1, (wanted * sequence_length + tokens_per_epoch) / tokens_per_epoch);
  plan.samples = (plan.epochs * tokens_per_epoch - 1) / sequence_length;
  plan.samples_before_last_epoch = ((plan.epochs - 1) * tokens_per_epoch - 1) / sequence_length;
  if (plan.epochs == 1) {
    plan.samples_before_last_epoch = 0;
    return plan;
  }
  // Megatron's threshold: below 80 % of an epoch, the last one must not thin out those before it.
  const std::int64_t wanted_of_last = wanted - plan.samples_before_last_epoch;
  const std::int64_t samples_an_epoch = (tokens_per_epoch - 1) / sequence_length;
  plan.separate_last_epoch =
      wanted_of_last < static_cast<std::int64_t>(0.80 * static_cast<double>(samples_an_epoch));
  return plan;
}

SampleIndices build_sample_indices_or_throw(std::span<const std::int32_t> lengths,
                                            const SampleIndexRequest& request) {
  const auto& range = request.range;
  const auto part =
      lengths.subspan(static_cast<std::size_t>(range.begin), static_cast<std::size_t>(range.size()));
  const auto tokens = std::accumulate(part.begin(), part.end(), std::int64_t{0});
  if (tokens == 0) throw SampleError("the part has no token");
  SampleIndices indices;
  indices.plan = plan_epochs(tokens, request.sequence_length, request.wanted);
  check_counts_or_throw(range, indices.plan);

  NumpyRandom random(request.seed);
  auto arrays = std::make_shared<Arrays>();
  arrays->documents = document_index(range, indices.plan, random);
  arrays->samples = sample_index(lengths, arrays->documents, request.sequence_length, indices.plan.samples);
  arrays->shuffle = shuffle_index(indices.plan, random);
  indices.documents = arrays->documents;
  indices.samples = arrays->samples;
  indices.shuffle = arrays->shuffle;
  indices.storage = std::move(arrays);
  return indices;
}

}  // namespace gpt::data
