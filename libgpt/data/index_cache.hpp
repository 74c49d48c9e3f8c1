#pragma once

#include <string>

#include "libgpt/data/sample_indices.hpp"

namespace gpt::data {

// Sample indices kept in a folder under Megatron's names, so that the next run maps them instead of building
// them: <stem>_{train|valid|test}_indexmap_<n>ns_<s>sl_<seed>s_{doc,sample,shuffle}_idx.npy. Those names do
// not tell everything the arrays depend on; a fourth file, ..._key.json, does, and arrays whose key is
// missing or another are built anew.
struct IndexCache {
  std::string folder;        // made when it is missing
  std::string dataset_stem;  // name of the dataset without its folder
  Part part = Part::train;
};

// Maps the arrays from the cache, or builds and stores them first. Every file appears whole or not at all,
// the key last. Throws SampleError, io::IoError.
SampleIndices load_or_build_sample_indices_or_throw(const IndexCache& cache,
                                                    std::span<const std::int32_t> lengths,
                                                    const SampleIndexRequest& request);

// Maps arrays that another rank has just found or stored, for the plan that it made. Throws SampleError when
// they are not there, io::IoError.
SampleIndices map_sample_indices_or_throw(const IndexCache& cache, const SampleIndexRequest& request,
                                          const EpochPlan& plan);

}  // namespace gpt::data
