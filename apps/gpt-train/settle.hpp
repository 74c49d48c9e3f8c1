#pragma once

#include "apps/gpt-train/options.hpp"

namespace gpt::train_tool {

// Some of what a command line means follows only when the number of ranks is known, and the model, which
// --load may name. All of these throw cli::UsageError with what would fit.

// How many ranks there are: those started, or with --print-layout as many as --world-size says (one replica
// of the model where it says nothing).
std::int64_t world_size_or_throw(const Options& options, std::int64_t started);

// The options of a run of so many ranks: the data-parallel size, batch, iterations and learning-rate schedule
// are filled in.
Options settled_or_throw(Options options, std::int64_t world_size);

// The layout with its virtual stages, checked against the model. Where the data-parallel size is not known
// yet (0), so is whether the micro batches suit the stages.
cost::Layout layout_of_model_or_throw(const Options& options, const cost::ModelShape& shape);

// What can be told wrong before the number of ranks is known.
void check_for_any_world_or_throw(const Options& options);

}  // namespace gpt::train_tool
