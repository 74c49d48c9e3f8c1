#include "libgpt/data/training_data.hpp"

#include <charconv>
#include <cmath>
#include <filesystem>

#include "libgpt/comm/agreement.hpp"
#include "libgpt/comm/same_on_all_ranks.hpp"
#include "libgpt/data/blended_dataset.hpp"
#include "libgpt/data/errors.hpp"
#include "libgpt/data/gpt_dataset.hpp"
#include "libgpt/data/index_cache.hpp"
#include "libgpt/data/shared_indices.hpp"
#include "libgpt/data/weights.hpp"

namespace gpt::data {
namespace {

std::optional<double> parse_weight(const std::string& text) {
  double weight = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), weight);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(weight)) return std::nullopt;
  return weight;
}

std::vector<std::int32_t> lengths_of(const dataset::IndexedDataset& dataset) {
  const auto sizes = dataset.sizes();
  std::vector<std::int32_t> lengths(sizes.size());
  for (std::size_t i = 0; i < lengths.size(); ++i) lengths[i] = sizes[i];
  return lengths;
}

bool has_others(const comm::Communicator* world) { return world != nullptr && world->size() > 1; }

// One part of one dataset.
struct PartRequest {
  const Split& split;
  Part part;
  const SamplingConfig& config;
};

void check_not_empty_or_throw(const dataset::IndexedDataset& dataset, std::span<const std::int32_t> lengths,
                              const SequenceRange& range, const PartRequest& request, std::int64_t wanted) {
  for (std::int64_t i = range.begin; i < range.end; ++i) {
    if (lengths[static_cast<std::size_t>(i)] > 0) return;
  }
  const std::string part(name_of(request.part));
  const std::string sequences = std::to_string(dataset.sequences());
  std::string message =
      dataset.prefix() + ": " + std::to_string(wanted) + " " + part + " samples are wanted, but ";
  if (request.split.text().empty()) {
    message += "it holds no document";
  } else {
    message += "the " + part + " part of --split " + request.split.text() + " holds no document of its " +
               sequences + ": give that part a larger share, or use more documents";
    if (request.part != Part::train) message += ", or ask for no evaluation (--eval-iters 0)";
  }
  throw SampleError(message);
}

std::unique_ptr<GptDataset> build_one_or_throw(const std::shared_ptr<const dataset::IndexedDataset>& dataset,
                                               const PartRequest& request, std::int64_t wanted) {
  const SamplingConfig& config = request.config;
  SampleIndexRequest indices;
  indices.range = request.split.range(request.part, static_cast<std::int64_t>(dataset->sequences()));
  indices.sequence_length = config.sequence_length;
  indices.wanted = wanted;
  indices.seed = config.seed;
  std::optional<IndexCache> cache;
  if (config.cache_folder) {
    cache =
        IndexCache{*config.cache_folder, std::filesystem::path(dataset->prefix()).filename(), request.part};
  }
  const auto make = [&] {
    const auto lengths = lengths_of(*dataset);
    check_not_empty_or_throw(*dataset, lengths, indices.range, request, wanted);
    return cache ? load_or_build_sample_indices_or_throw(*cache, lengths, indices)
                 : build_sample_indices_or_throw(lengths, indices);
  };
  auto made =
      has_others(config.world) ? share_sample_indices_or_throw(*config.world, cache, indices, make) : make();
  return std::make_unique<GptDataset>(dataset, std::move(made), indices);
}

std::unique_ptr<SampleSource> build_blend_or_throw(DatasetFiles& files,
                                                   const std::vector<WeightedPath>& paths,
                                                   const PartRequest& request, std::int64_t wanted) {
  std::vector<double> weights;
  weights.reserve(paths.size());
  for (const auto& path : paths) weights.push_back(path.weight.value_or(1.0));
  weights = normalised(weights);
  std::int64_t total = 0;
  for (const double weight : weights) total += blend_share(wanted, weight);
  auto index = build_blend_index(weights, total);

  std::vector<std::unique_ptr<SampleSource>> sources;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const auto dataset = files.open_or_throw(paths[i].prefix);
    const std::int64_t ask = samples_to_ask_for(blend_share(wanted, weights[i]));
    auto source = build_one_or_throw(dataset, request, ask);
    // Shares are rounded up, so a blend of many datasets can draw more of one than its share and the spare.
    if (source->size() < index.counts[i]) source = build_one_or_throw(dataset, request, index.counts[i]);
    sources.push_back(std::move(source));
  }
  return std::make_unique<BlendedDataset>(std::move(sources), std::move(weights), std::move(index));
}

std::string counts_of(const dataset::IndexedDataset& dataset) {
  return dataset.prefix() + ": " + std::to_string(dataset.documents()) + " documents, " +
         std::to_string(dataset.sequences()) + " sequences, " + std::to_string(dataset.tokens()) + " tokens";
}

std::unique_ptr<SampleSource>& source_of(TrainingData& data, Part part) {
  if (part == Part::train) return data.train;
  return part == Part::valid ? data.valid : data.test;
}

}  // namespace

std::vector<WeightedPath> parse_data_paths_or_throw(const std::vector<std::string>& arguments) {
  if (arguments.empty()) throw SampleError("no dataset is named");
  if (arguments.size() == 1) return {{std::nullopt, arguments[0]}};
  std::vector<WeightedPath> paths;
  for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
    const auto weight = parse_weight(arguments[i]);
    if (!weight || *weight <= 0) {
      throw SampleError(
          "several datasets are given as weights and prefixes by turns (0.7 first 0.3 second), but " +
          arguments[i] + " is no positive weight");
    }
    paths.push_back({weight, arguments[i + 1]});
  }
  if (arguments.size() % 2 != 0)
    throw SampleError("weight " + arguments.back() + " has no dataset behind it");
  return paths;
}

WantedSamples wanted_samples(std::int64_t train_iterations, std::int64_t global_batch_size,
                             std::int64_t eval_interval, std::int64_t eval_iterations) {
  const std::int64_t evaluations = eval_interval > 0 ? train_iterations / eval_interval + 1 : 1;
  return {train_iterations * global_batch_size, evaluations * eval_iterations * global_batch_size,
          eval_iterations * global_batch_size};
}

std::shared_ptr<const dataset::IndexedDataset> DatasetFiles::open_or_throw(const std::string& prefix) {
  for (const auto& dataset : open_) {
    if (dataset->prefix() == prefix) return dataset;
  }
  std::optional<dataset::IndexedDataset> opened;
  const auto open = [&](dataset::IndexCheck check) {
    opened.emplace(dataset::IndexedDataset::open_or_throw(prefix, check));
  };
  if (!has_others(world_)) {
    open(dataset::IndexCheck::every_entry);
  } else {
    comm::agree_or_throw<SampleError>(*world_, [&] {
      open(world_->rank() == 0 ? dataset::IndexCheck::every_entry : dataset::IndexCheck::header_only);
    });
    // Before indices are shared: those of rank 0's files do not fit others.
    comm::check_same_on_all_ranks_or_throw(*world_, "the datasets", counts_of(*opened));
  }
  open_.push_back(std::make_shared<const dataset::IndexedDataset>(std::move(*opened)));
  return open_.back();
}

std::unique_ptr<SampleSource> build_part_or_throw(DatasetFiles& files, const std::vector<WeightedPath>& paths,
                                                  const Split& split, Part part, std::int64_t wanted,
                                                  const SamplingConfig& config) {
  const PartRequest request{split, part, config};
  if (paths.size() == 1 && !paths.front().weight) {
    return build_one_or_throw(files.open_or_throw(paths.front().prefix), request, wanted);
  }
  return build_blend_or_throw(files, paths, request, wanted);
}

TrainingData build_training_data_or_throw(const std::vector<WeightedPath>& paths, const Split& split,
                                          const WantedSamples& wanted, const SamplingConfig& config) {
  DatasetFiles files(config.world);
  TrainingData data;
  for (const Part part : kParts) {
    const auto count = wanted[static_cast<std::size_t>(part)];
    if (count > 0) source_of(data, part) = build_part_or_throw(files, paths, split, part, count, config);
  }
  return data;
}

TrainingData build_training_data_or_throw(const std::array<std::vector<WeightedPath>, 3>& paths,
                                          const WantedSamples& wanted, const SamplingConfig& config) {
  DatasetFiles files(config.world);
  TrainingData data;
  for (const Part part : kParts) {
    const auto& own = paths[static_cast<std::size_t>(part)];
    const auto count = wanted[static_cast<std::size_t>(part)];
    if (count > 0 && !own.empty()) {
      source_of(data, part) = build_part_or_throw(files, own, Split::whole(part), part, count, config);
    }
  }
  return data;
}

}  // namespace gpt::data
