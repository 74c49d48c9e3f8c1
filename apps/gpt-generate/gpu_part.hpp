#pragma once

#include <memory>

#include "apps/gpt-generate/options.hpp"
#include "libgpt/comm/parallel_groups.hpp"
#include "libgpt/model/inference_part.hpp"

namespace gpt::generate_tool {

// A rank's part of a model on the GPU that is the device of this process, in the precision asked for.
std::unique_ptr<model::InferencePart> make_part_on_gpu(const Options& options,
                                                       const model::ModelConfig& config,
                                                       const comm::ParallelGroups& groups);

}  // namespace gpt::generate_tool
