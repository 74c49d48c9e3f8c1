#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libcommon/dataset/indexed_dataset.hpp"
#include "libgpt/comm/communicator.hpp"
#include "libgpt/data/sample_source.hpp"
#include "libgpt/data/split.hpp"

namespace gpt::data {

// A dataset and, where several are mixed, its weight.
struct WeightedPath {
  std::optional<double> weight;
  std::string prefix;
};

// What --data-path takes: one prefix, or weights and prefixes by turns. Throws SampleError.
std::vector<WeightedPath> parse_data_paths_or_throw(const std::vector<std::string>& arguments);

// Samples wanted of train, valid and test; a part of which none are wanted is not made.
using WantedSamples = std::array<std::int64_t, 3>;
// Megatron's numbers for a run of train_iterations with a constant batch size; eval_interval 0: one
// evaluation, at the end.
WantedSamples wanted_samples(std::int64_t train_iterations, std::int64_t global_batch_size,
                             std::int64_t eval_interval, std::int64_t eval_iterations);

struct SamplingConfig {
  std::int64_t sequence_length = 0;
  std::uint32_t seed = 1234;
  std::optional<std::string> cache_folder;  // where the indices are kept between runs (index_cache.hpp)
  // Ranks that all want the same data: then one checks the datasets and builds the indices
  // (shared_indices.hpp), and building is collective. Null: this process for itself.
  comm::Communicator* world = nullptr;
};

// Opens datasets once, however many parts are made of them.
class DatasetFiles {
 public:
  // world: as in SamplingConfig; then opening is collective, and rank 0 alone looks at every entry.
  explicit DatasetFiles(comm::Communicator* world = nullptr) : world_(world) {}
  std::shared_ptr<const dataset::IndexedDataset> open_or_throw(const std::string& prefix);

 private:
  comm::Communicator* world_;
  std::vector<std::shared_ptr<const dataset::IndexedDataset>> open_;
};

// The samples of one part, at least `wanted` of them (> 0). Throws SampleError when a dataset's part is
// empty, io::IoError and io::DataError from the files; on several ranks SampleError in place of them.
std::unique_ptr<SampleSource> build_part_or_throw(DatasetFiles& files, const std::vector<WeightedPath>& paths,
                                                  const Split& split, Part part, std::int64_t wanted,
                                                  const SamplingConfig& config);

// Null where no sample is wanted.
struct TrainingData {
  std::unique_ptr<SampleSource> train;
  std::unique_ptr<SampleSource> valid;
  std::unique_ptr<SampleSource> test;
};

// All three parts of one split (--data-path, --split).
TrainingData build_training_data_or_throw(const std::vector<WeightedPath>& paths, const Split& split,
                                          const WantedSamples& wanted, const SamplingConfig& config);

// Each part from all of its own datasets (--train-data-path, --valid-data-path, --test-data-path).
TrainingData build_training_data_or_throw(const std::array<std::vector<WeightedPath>, 3>& paths,
                                          const WantedSamples& wanted, const SamplingConfig& config);

}  // namespace gpt::data
