#pragma once

#include "libgpt/model/parameter_layout.hpp"
#include "libgpt/optim/bucket_plan.hpp"

namespace gpt::optim {

// What of a rank's share is not counted (or saved) by a rank of another tensor or pipeline place: of
// tensors that every tensor rank holds, the first one counts, and the last stage's copy of the token
// embedding is not counted. Over all ranks, each element of the model is in one of these once.
ElementRanges counted_once(const model::ParameterLayout& layout, const ElementRanges& share);

}  // namespace gpt::optim
