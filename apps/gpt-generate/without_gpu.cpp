#include <stdexcept>

#include "apps/gpt-generate/gpu_part.hpp"

namespace gpt::generate_tool {

// In a build without CUDA no GPU is ever opened (tensor::gpu_facts).
std::unique_ptr<model::InferencePart> make_part_on_gpu(const Options&, const model::ModelConfig&,
                                                       const comm::ParallelGroups&) {
  throw std::logic_error("this build cannot generate on a GPU");
}

}  // namespace gpt::generate_tool
