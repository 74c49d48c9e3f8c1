#include "libgpt/cost/fitting_options.hpp"

#include <algorithm>

#include "libgpt/cost/runtime_memory.hpp"

namespace gpt::cost {
namespace {

// What libraries take, and what is lost between pieces of memory.
constexpr double kUsable = 0.92;

bool fits(const TrainingTask& task, double bytes) { return largest_process_bytes(task) <= kUsable * bytes; }

bool can_be(const TrainingTask& task) {
  const Layout& layout = task.layout;
  const ModelShape& shape = task.shape;
  return shape.heads % layout.tensor == 0 && shape.mlp_size() % layout.tensor == 0 &&
         shape.layers % (layout.pipeline * layout.virtual_stages) == 0 && layout.data >= 1 &&
         task.batch.global_batch % (task.batch.micro_batch * layout.data) == 0;
}

// A run, and the flags by which it differs from the one asked about.
struct Candidate {
  TrainingTask task;
  std::string flags;
};

void add(std::vector<Candidate>& candidates, const TrainingTask& task, const std::string& flags) {
  if (can_be(task)) candidates.push_back({task, flags});
}

std::string joined(const std::string& before, const std::string& flags) {
  return before.empty() ? flags : before + " " + flags;
}

std::vector<Candidate> smaller_micro_batches(const Candidate& from) {
  std::vector<Candidate> candidates;
  for (std::int64_t size = from.task.batch.micro_batch - 1; size >= 1; --size) {
    if (from.task.batch.micro_batch % size != 0) continue;
    TrainingTask task = from.task;
    task.batch.micro_batch = size;
    add(candidates, task, joined(from.flags, "--micro-batch-size " + std::to_string(size)));
  }
  return candidates;
}

std::vector<Candidate> more_recompute(const Candidate& from) {
  std::vector<Candidate> candidates;
  TrainingTask task = from.task;
  if (from.task.recompute.granularity == Recompute::none) {
    task.recompute = {Recompute::selective, RecomputeConfig::Method::uniform, 1};
    add(candidates, task, joined(from.flags, "--recompute-granularity selective"));
  }
  if (from.task.recompute.granularity != Recompute::full) {
    task.recompute = {Recompute::full, RecomputeConfig::Method::uniform, 1};
    add(candidates, task, joined(from.flags, "--recompute-granularity full --recompute-method uniform"));
  }
  return candidates;
}

std::vector<Candidate> shared_optimizer(const Candidate& from) {
  std::vector<Candidate> candidates;
  TrainingTask task = from.task;
  if (task.layout.data == 1 || task.layout.optimizer == OptimizerStates::sharded) return candidates;
  task.layout.optimizer = OptimizerStates::sharded;
  add(candidates, task, joined(from.flags, "--use-distributed-optimizer"));
  return candidates;
}

// Ranks that held replicas of the model share it instead.
std::vector<Candidate> more_parts(const Candidate& from) {
  std::vector<Candidate> candidates;
  const Layout& layout = from.task.layout;
  for (std::int64_t factor = 2; factor <= layout.data; ++factor) {
    if (layout.data % factor != 0) continue;
    TrainingTask task = from.task;
    task.layout.data = layout.data / factor;
    task.layout.tensor = layout.tensor * factor;
    add(candidates, task,
        joined(from.flags, "--tensor-model-parallel-size " + std::to_string(task.layout.tensor)));
    task.layout.tensor = layout.tensor;
    task.layout.pipeline = layout.pipeline * factor;
    add(candidates, task,
        joined(from.flags, "--pipeline-model-parallel-size " + std::to_string(task.layout.pipeline)));
  }
  return candidates;
}

// The first that fits, which is the one that changes least.
void append_first_fitting(std::vector<std::string>& texts, const std::vector<Candidate>& candidates,
                          double bytes) {
  const auto found = std::find_if(candidates.begin(), candidates.end(),
                                  [&](const Candidate& c) { return fits(c.task, bytes); });
  if (found != candidates.end()) texts.push_back(found->flags);
}

// Of each kind of change the strongest, one after the other, until it fits.
std::vector<std::string> together(const TrainingTask& task, double bytes) {
  Candidate candidate{task, ""};
  for (const auto& changes : {shared_optimizer, more_recompute, smaller_micro_batches}) {
    const auto candidates = changes(candidate);
    if (candidates.empty()) continue;
    std::vector<std::string> enough;
    append_first_fitting(enough, candidates, bytes);
    if (!enough.empty()) return enough;
    candidate = candidates.back();
  }
  std::vector<std::string> texts;
  append_first_fitting(texts, more_parts(candidate), bytes);
  return texts;
}

}  // namespace

double largest_process_bytes(const TrainingTask& task) {
  double largest = 0;
  for (std::int64_t stage = 0; stage < task.layout.pipeline; ++stage) {
    const RuntimeMemory memory =
        runtime_memory(task.shape, task.batch, task.layout, task.recompute, stage, task.precision);
    largest = std::max(largest, memory.total());
  }
  return largest;
}

std::vector<std::string> options_that_fit(const TrainingTask& task, double bytes) {
  std::vector<std::string> texts;
  for (const auto& changes : {smaller_micro_batches, more_recompute, shared_optimizer, more_parts}) {
    append_first_fitting(texts, changes({task, ""}), bytes);
  }
  return texts.empty() ? together(task, bytes) : texts;
}

}  // namespace gpt::cost
