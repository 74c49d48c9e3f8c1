#include "apps/gpt-train/same_run.hpp"

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "libgpt/checkpoint/model_fingerprint.hpp"
#include "libgpt/comm/same_on_all_ranks.hpp"

namespace gpt::train_tool {
namespace {

// FNV-1a over the tokens of a sample.
std::uint64_t hash_of(const data::SampleSource& source, std::int64_t sample) {
  std::vector<std::int32_t> tokens(static_cast<std::size_t>(source.sequence_length() + 1));
  source.read(sample, tokens);
  std::uint64_t hash = 14695981039346656037u;
  for (const std::int32_t token : tokens) {
    hash = (hash ^ static_cast<std::uint32_t>(token)) * 1099511628211u;
  }
  return hash;
}

// A line a dataset.
std::string sizes_text(const std::string& part, const data::SampleSource* source) {
  std::string text;
  if (source == nullptr) return text;
  for (const data::DatasetShare& share : source->shares()) {
    text += part + " data " + share.path + ": " + std::to_string(share.sequences) + " sequences of " +
            std::to_string(share.tokens) + " tokens\n";
  }
  return text + part + " samples: " + std::to_string(source->size()) + "\n";
}

// Of some of the samples: other tokens, or another order of them, show there.
std::string fingerprint_text(const std::string& part, const data::SampleSource* source) {
  if (source == nullptr) return {};
  constexpr std::int64_t kLooks = 16;
  std::uint64_t hash = 0;
  for (std::int64_t i = 0; i < kLooks; ++i) {
    hash = hash * 31 + hash_of(*source, i * (source->size() - 1) / (kLooks - 1));
  }
  return "fingerprint of the " + part + " samples: " + std::to_string(hash) + "\n";
}

std::string start_text(const StartPoint& start) {
  if (!start.folder) return "nothing to start from";
  const auto state = start.folder->trainer_state_or_throw();
  char fingerprint[17];
  std::snprintf(fingerprint, sizeof fingerprint, "%016" PRIx64,
                checkpoint::model_fingerprint_or_throw(start.folder->path()));
  return start.folder->path() + " (" +
         (state ? "iteration " + std::to_string(state->iteration) : std::string("a model")) +
         ", fingerprint " + fingerprint + ")";
}

}  // namespace

void check_same_options_or_throw(comm::Communicator& world, const Options& options) {
  comm::check_same_on_all_ranks_or_throw(world, "the options", options.given);
}

void check_same_start_or_throw(comm::Communicator& world, const StartPoint& start) {
  if (world.size() == 1) return;
  comm::check_same_on_all_ranks_or_throw(
      world, "the checkpoints to start from", start_text(start),
      "the folders of --load and --save must be reachable by all ranks, under the same path");
}

void check_same_data_or_throw(comm::Communicator& world, const Plan& plan) {
  const std::pair<const char*, const data::SampleSource*> parts[] = {{"training", plan.data.train.get()},
                                                                     {"validation", plan.data.valid.get()},
                                                                     {"test", plan.data.test.get()}};
  std::string sizes, fingerprints;
  for (const auto& [name, source] : parts) sizes += sizes_text(name, source);
  comm::check_same_on_all_ranks_or_throw(world, "the datasets", sizes);
  // Only now: samples of a smaller dataset than rank 0's cannot be read by its indices.
  for (const auto& [name, source] : parts) fingerprints += fingerprint_text(name, source);
  comm::check_same_on_all_ranks_or_throw(world, "the datasets", fingerprints);
}

}  // namespace gpt::train_tool
