#include "apps/gpt-estimate/time_estimate.hpp"

#include "apps/gpt-estimate/quantity.hpp"
#include "libgpt/cost/flops.hpp"

namespace gpt::estimate {

std::vector<Sheet> estimate_time(const TimeTask& task) {
  const double seconds = cost::training_seconds(task.tokens, task.parameters, task.processes,
                                                task.flops_per_process, task.recompute);
  const double days = seconds / cost::kSecondsPerDay;
  const double process_hours = seconds / 3600 * task.processes;
  const bool full = task.recompute == cost::Recompute::full;
  Sheet sheet =
      figures("time", full ? "Training time, 8TP/(nX), with full recomputation" : "Training time, 6TP/(nX)");
  add_figure(sheet, "tokens", "tokens T", number(task.tokens, count_text(task.tokens)));
  add_figure(sheet, "parameters", "parameters P", number(task.parameters, count_text(task.parameters)));
  add_figure(sheet, "gpus", "GPUs n", number(task.processes, count_text(task.processes)));
  add_figure(sheet, "flops_per_second", "speed X of each",
             number(task.flops_per_process, flops_text(task.flops_per_process) + "/s"));
  const double total = seconds * task.processes * task.flops_per_process;
  add_figure(sheet, "total_flops", "operations", number(total, flops_text(total)));
  add_figure(sheet, "days", "days", number(days, fixed(days, days < 0.1 ? 4 : 1)));
  add_figure(sheet, "seconds", "that is", number(seconds, duration_text(seconds)));
  add_figure(sheet, "gpu_hours", "GPU-hours", number(process_hours, count_text(process_hours)));
  return {sheet};
}

}  // namespace gpt::estimate
