#include "apps/gpt-estimate/model_estimate.hpp"

#include <utility>

#include "apps/gpt-estimate/quantity.hpp"
#include "libgpt/cost/flops.hpp"
#include "libgpt/cost/memory.hpp"
#include "libgpt/cost/parameters.hpp"
#include "libgpt/cost/runtime_memory.hpp"
#include "libgpt/cost/traffic.hpp"

namespace gpt::estimate {
namespace {

Cell flops_cell(double operations) { return number(operations, flops_text(operations)); }
Cell bytes_cell(double bytes) { return number(bytes, bytes_text(bytes)); }

Sheet size_sheet(const ModelTask& task, const cost::ModelShape& padded) {
  Sheet sheet = figures("model", "Model");
  const std::int64_t exact = cost::parameter_count(task.shape);
  const double formula = cost::parameter_formula(task.shape);
  Cell count = whole(exact);
  count.shown += " (" + count_text(static_cast<double>(exact)) + ")";
  add_figure(sheet, "parameters", "parameters", std::move(count));
  add_figure(sheet, "parameters_formula", "by 12Lh²(1 + 13/12h + (V+s)/12Lh)",
             number(formula, count_text(formula)));
  add_figure(sheet, "vocabulary", "vocabulary", whole(task.shape.vocabulary));
  add_figure(sheet, "padded_vocabulary", "padded for the tensor ranks", whole(padded.vocabulary));
  const double model_flops = cost::step_flops(padded, task.batch, cost::Recompute::none);
  add_figure(sheet, "tokens_per_step", "tokens a step", whole(task.batch.tokens()));
  add_figure(sheet, "flops_per_token", "operations a token",
             flops_cell(cost::token_flops(padded, task.batch.sequence, cost::Recompute::none)));
  add_figure(sheet, "flops_per_step", "operations a step", flops_cell(model_flops));
  if (task.recompute.granularity != cost::Recompute::none)
    add_figure(sheet, "flops_per_step_recomputed", "with recomputation",
               flops_cell(cost::step_flops(padded, task.batch, task.recompute.granularity)));
  return sheet;
}

Sheet layout_sheet(const ModelTask& task) {
  Sheet sheet = figures("layout", "Layout");
  const std::int64_t m = cost::micro_batches(task.batch, task.layout);
  const double bubble = cost::pipeline_bubble(task.layout.pipeline, m, task.layout.virtual_stages);
  add_figure(sheet, "processes", task.device == Device::gpu ? "GPUs" : "processes",
             whole(task.layout.processes()));
  add_figure(sheet, "tensor", "tensor parallel", whole(task.layout.tensor));
  add_figure(sheet, "pipeline", "pipeline stages", whole(task.layout.pipeline));
  add_figure(sheet, "data", "data parallel", whole(task.layout.data));
  add_figure(sheet, "micro_batches", "micro batches a step", whole(m));
  add_figure(sheet, "bubble", "pipeline bubble", number(bubble, percent_text(bubble)));
  return sheet;
}

std::vector<Cell> memory_row(const std::string& stage, const cost::StageMemory& memory) {
  return {word(stage),
          number(memory.parameters, count_text(memory.parameters)),
          bytes_cell(memory.model),
          bytes_cell(memory.activations),
          bytes_cell(memory.recomputed),
          bytes_cell(memory.logits),
          bytes_cell(memory.total())};
}

Sheet memory_sheet(const ModelTask& task, const cost::ProcessMemory& memory) {
  Sheet sheet;
  sheet.key = "memory";
  sheet.title = task.device == Device::gpu ? "Memory of a GPU" : "Memory of a process";
  sheet.columns = {{"stage", "stage"},
                   {"parameters", "parameters"},
                   {"model_bytes", "weights, gradients, Adam"},
                   {"activation_bytes", "activations"},
                   {"recomputed_bytes", "recomputed block"},
                   {"logit_bytes", "logits"},
                   {"total_bytes", "total"}};
  if (task.layout.pipeline == 1) {
    sheet.rows.push_back(memory_row("all", memory.first));
  } else {
    sheet.rows.push_back(memory_row("first", memory.first));
    sheet.rows.push_back(memory_row("last", memory.last));
  }
  const double per_parameter =
      cost::bytes_per_parameter(task.precision, task.layout.optimizer, task.layout.data);
  sheet.note = "Weights, gradients and Adam's states take " + fixed(per_parameter, 2) +
               " bytes a parameter. Buffers of libraries come on top.";
  return sheet;
}

std::vector<Cell> runtime_row(const ModelTask& task, const std::string& name, std::int64_t stage) {
  const cost::RuntimeMemory memory =
      cost::runtime_memory(task.shape, task.batch, task.layout, task.recompute, stage, task.precision);
  return {word(name),
          bytes_cell(memory.model),
          bytes_cell(memory.kept),
          bytes_cell(memory.scratch),
          bytes_cell(memory.streams),
          bytes_cell(memory.process),
          bytes_cell(memory.total())};
}

Sheet runtime_sheet(const ModelTask& task) {
  Sheet sheet;
  sheet.key = "gpt_train_memory";
  sheet.title = "Memory of a gpt-train process";
  sheet.columns = {{"stage", "stage"},
                   {"model_bytes", "weights, gradients, Adam"},
                   {"kept_bytes", "activations kept"},
                   {"scratch_bytes", "logits and scratch"},
                   {"stream_bytes", "between stages"},
                   {"process_bytes", "program"},
                   {"total_bytes", "total"}};
  if (task.layout.pipeline == 1) {
    sheet.rows.push_back(runtime_row(task, "all", 0));
  } else {
    sheet.rows.push_back(runtime_row(task, "first", 0));
    sheet.rows.push_back(runtime_row(task, "last", task.layout.pipeline - 1));
  }
  sheet.note =
      "As this toolkit's gpt-train computes: attention keeps no matrix of probabilities, logits "
      "are made in pieces, vocabularies are not padded.";
  return sheet;
}

Sheet traffic_sheet(const ModelTask& task, const cost::ModelShape& padded, double parameters) {
  const cost::StepTraffic traffic =
      cost::step_traffic(padded, task.batch, task.layout, task.precision, parameters);
  Sheet sheet = figures(
      "traffic", task.device == Device::gpu ? "Sent by a GPU in a step" : "Sent by a process in a step");
  add_figure(sheet, "tensor_bytes", "to its tensor group", bytes_cell(traffic.tensor));
  add_figure(sheet, "pipeline_bytes", "to its neighbour stages", bytes_cell(traffic.pipeline));
  add_figure(sheet, "data_bytes", "to its data group", bytes_cell(traffic.data));
  return sheet;
}

Sheet time_sheet(const ModelTask& task, const cost::ModelShape& padded) {
  Sheet sheet = figures("time", "Time, at " + flops_text(*task.flops_per_process) + "/s " +
                                    (task.device == Device::gpu ? "a GPU" : "a process"));
  const auto processes = static_cast<double>(task.layout.processes());
  const double step = cost::step_flops(padded, task.batch, task.recompute.granularity) /
                      (processes * *task.flops_per_process);
  const auto step_tokens = static_cast<double>(task.batch.tokens());
  add_figure(sheet, "step_seconds", "a step", number(step, duration_text(step)));
  add_figure(sheet, "tokens_per_second", "tokens a second",
             number(step_tokens / step, count_text(step_tokens / step)));
  if (task.tokens) {
    const double steps = *task.tokens / step_tokens;
    const double total = steps * cost::step_flops(padded, task.batch, task.recompute.granularity);
    add_figure(sheet, "tokens", "tokens to train over", number(*task.tokens, count_text(*task.tokens)));
    add_figure(sheet, "steps", "steps", number(steps, count_text(steps)));
    add_figure(sheet, "total_flops", "operations", flops_cell(total));
    add_figure(sheet, "seconds", "training", number(steps * step, duration_text(steps * step)));
  }
  return sheet;
}

}  // namespace

std::vector<Sheet> estimate_model(const ModelTask& task) {
  cost::ModelShape padded = task.shape;
  padded.vocabulary =
      cost::padded_vocabulary(task.shape.vocabulary, task.layout.tensor, task.vocabulary_multiple);
  const cost::ProcessMemory memory =
      cost::process_memory(padded, task.batch, task.layout, task.precision, task.recompute.granularity);
  std::vector<Sheet> sheets = {size_sheet(task, padded), layout_sheet(task), memory_sheet(task, memory)};
  if (task.device == Device::cpu) sheets.push_back(runtime_sheet(task));
  if (task.layout.processes() > 1) sheets.push_back(traffic_sheet(task, padded, memory.first.parameters));
  if (task.flops_per_process) sheets.push_back(time_sheet(task, padded));
  return sheets;
}

}  // namespace gpt::estimate
