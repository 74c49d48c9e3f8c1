#include "apps/gpt-estimate/published_tables.hpp"

#include <algorithm>
#include <utility>

#include "apps/gpt-estimate/quantity.hpp"
#include "libgpt/cost/data_weights.hpp"
#include "libgpt/cost/flops.hpp"
#include "libgpt/cost/memory.hpp"
#include "libgpt/cost/parameters.hpp"
#include "libgpt/cost/published.hpp"

namespace gpt::estimate {
namespace {

Sheet table(std::string key, std::string title, std::vector<Column> columns, std::string note = "") {
  return {std::move(key), std::move(title), SheetKind::table, std::move(columns), {}, std::move(note)};
}

Cell decimal(double value, int decimals) { return number(value, fixed(value, decimals)); }

Sheet gpt3_table() {
  Sheet sheet = table("gpt3", "GPT-3's models (arXiv 2005.14165)",
                      {{"model", "model"},
                       {"published_parameters", "published"},
                       {"parameters", "computed P"},
                       {"layers", "L"},
                       {"hidden", "h"},
                       {"heads", "heads"},
                       {"head_size", "head size"},
                       {"batch_tokens", "batch, tokens"},
                       {"learning_rate", "learning rate"}},
                      "Computed with a vocabulary of 50257 and 2048 positions.");
  for (const cost::Gpt3Model& model : cost::gpt3_models()) {
    const double parameters = cost::parameter_formula(cost::shape_of(model));
    sheet.rows.push_back({word(std::string(model.name)), word(std::string(model.published_parameters)),
                          number(parameters, count_text(parameters)), whole(model.layers),
                          whole(model.hidden), whole(model.heads), whole(model.head_size),
                          number(model.batch_tokens, fixed(model.batch_tokens / 1e6, 1) + " M"),
                          number(model.learning_rate, fixed(model.learning_rate * 1e4, 1) + "e-4")});
  }
  return sheet;
}

Sheet scaling_table() {
  Sheet sheet = table(
      "scaling",
      "Weak scaling on A100s (arXiv 2104.04473): sequences of 2048, vocabulary 51200, full recomputation",
      {{"parameters_billions", "P, billions"},
       {"heads", "heads"},
       {"hidden", "h"},
       {"layers", "L"},
       {"tensor", "tp"},
       {"pipeline", "pp"},
       {"gpus", "GPUs"},
       {"micro_batch", "micro batch"},
       {"global_batch", "batch"},
       {"measured_teraflops", "TFLOP/s a GPU"},
       {"petaflops", "PFLOP/s in all"},
       {"bubble", "bubble"},
       {"step_seconds", "s a step"},
       {"days_300b_tokens", "days for 300 B tokens"}},
      "TFLOP/s a GPU is measured; P and what follows it are computed.");
  for (const cost::ScalingRun& run : cost::scaling_runs()) {
    const cost::ModelShape shape = cost::shape_of(run);
    const cost::Batch batch = cost::batch_of(run);
    const double billions = cost::parameter_formula(shape) / 1e9;
    const auto gpus = static_cast<double>(run.gpus);
    const double speed = gpus * run.teraflops * 1e12;
    const double step = cost::step_flops(shape, batch, cost::Recompute::full) / speed;
    const double bubble =
        cost::pipeline_bubble(run.pipeline, cost::micro_batches(batch, cost::layout_of(run)));
    const double days =
        cost::training_seconds(300e9, billions * 1e9, gpus, run.teraflops * 1e12, cost::Recompute::full) /
        cost::kSecondsPerDay;
    sheet.rows.push_back({decimal(billions, 1), whole(run.heads), whole(run.hidden), whole(run.layers),
                          whole(run.tensor), whole(run.pipeline), whole(run.gpus), whole(run.micro_batch),
                          whole(run.global_batch), decimal(run.teraflops, 0), decimal(speed / 1e15, 1),
                          number(bubble, percent_text(bubble)), decimal(step, 2), decimal(days, 1)});
  }
  return sheet;
}

Sheet recompute_table() {
  Sheet sheet =
      table("recompute", "Recomputation on A100s (arXiv 2205.05198): sequences of 2048, vocabulary 51200",
            {{"model", "model"},
             {"gpus", "GPUs"},
             {"tensor", "tp"},
             {"pipeline", "pp"},
             {"virtual_stages", "interleaved"},
             {"full_seconds", "s a step, full"},
             {"selective_seconds", "s, selective + sequence"},
             {"full_teraflops", "model TFLOP/s a GPU, full"},
             {"selective_teraflops", "selective + sequence"},
             {"full_bytes", "memory of a GPU, full"},
             {"selective_bytes", "selective + sequence"}},
            "Seconds are measured; the rest is computed. Memory without sharded optimizer states.");
  for (const cost::RecomputeRun& run : cost::recompute_runs()) {
    const cost::ModelShape shape = cost::shape_of(run);
    const cost::Batch batch = cost::batch_of(run);
    const double operations = cost::step_flops(shape, batch, cost::Recompute::none);
    const auto teraflops = [&](double seconds) {
      return operations / seconds / static_cast<double>(run.gpus) / 1e12;
    };
    const auto bytes = [&](cost::Sequence sequence, cost::Recompute recompute) {
      const double total =
          cost::process_memory(shape, batch, cost::layout_of(run, sequence), cost::Precision::fp16, recompute)
              .largest()
              .total();
      return number(total, bytes_text(total));
    };
    sheet.rows.push_back({word(std::string(run.name)), whole(run.gpus), whole(run.tensor),
                          whole(run.pipeline), whole(run.virtual_stages), decimal(run.full_seconds, 2),
                          decimal(run.selective_seconds, 2), decimal(teraflops(run.full_seconds), 1),
                          decimal(teraflops(run.selective_seconds), 1),
                          bytes(cost::Sequence::whole, cost::Recompute::full),
                          bytes(cost::Sequence::parallel, cost::Recompute::selective)});
  }
  return sheet;
}

Sheet times_table() {
  Sheet sheet = table("times", "Training times with full recomputation, 8TP/(nX)",
                      {{"case", "case"},
                       {"tokens", "tokens T"},
                       {"parameters", "parameters P"},
                       {"gpus", "GPUs n"},
                       {"teraflops", "X, TFLOP/s"},
                       {"days", "days"},
                       {"published_days", "published"},
                       {"gpu_hours", "GPU-hours"}});
  for (const cost::TrainingCase& one : cost::training_cases()) {
    const double seconds = cost::training_seconds(one.tokens, one.parameters, one.gpus, one.teraflops * 1e12,
                                                  cost::Recompute::full);
    const double hours = seconds / 3600 * one.gpus;
    sheet.rows.push_back({word(std::string(one.name)), number(one.tokens, count_text(one.tokens)),
                          number(one.parameters, count_text(one.parameters)),
                          whole(static_cast<std::int64_t>(one.gpus)), decimal(one.teraflops, 0),
                          decimal(seconds / cost::kSecondsPerDay, 1), decimal(one.published_days, 1),
                          number(hours, count_text(hours))});
  }
  return sheet;
}

Sheet states_table() {
  Sheet sheet = table("states", "Weights, gradients and Adam's states: bytes a parameter",
                      {{"precision", "precision"},
                       {"whole", "on every rank"},
                       {"sharded_2", "sharded over 2"},
                       {"sharded_8", "over 8"},
                       {"sharded_64", "over 64"}});
  for (const auto& [name, precision] :
       {std::pair{"bf16, fp16", cost::Precision::bf16}, {"fp32", cost::Precision::fp32}}) {
    std::vector<Cell> row = {
        word(name), decimal(cost::bytes_per_parameter(precision, cost::OptimizerStates::whole, 1), 2)};
    for (const int ranks : {2, 8, 64})
      row.push_back(decimal(cost::bytes_per_parameter(precision, cost::OptimizerStates::sharded, ranks), 2));
    sheet.rows.push_back(std::move(row));
  }
  return sheet;
}

Sheet activations_table() {
  const cost::RecomputeRun& run = cost::recompute_runs()[1];
  const cost::ModelShape shape = cost::shape_of(run);
  const cost::Batch batch = cost::batch_of(run);
  Sheet sheet = table(
      "activations", "Activations of one block and micro batch, 175B (s 2048, micro batch 1), 16-bit",
      {{"technique", "technique"}, {"formula", "bytes / sbh"}, {"over_sbh", "value"}, {"bytes", "bytes"}});
  const cost::Layout one;
  const cost::Layout tensor = {.tensor = run.tensor};
  const cost::Layout both = {.tensor = run.tensor, .sequence = cost::Sequence::parallel};
  const auto add = [&](const char* technique, const char* formula, const cost::Layout& layout,
                       cost::Recompute recompute) {
    const double bytes = cost::block_activation_bytes(shape, batch, layout, cost::Precision::bf16, recompute);
    const auto sbh = static_cast<double>(batch.sequence * batch.micro_batch * shape.hidden);
    sheet.rows.push_back(
        {word(technique), word(formula), decimal(bytes / sbh, 2), number(bytes, bytes_text(bytes))});
  };
  add("none", "34 + 5as/h", one, cost::Recompute::none);
  add("tensor parallel, 8", "10 + 24/t + 5as/(ht)", tensor, cost::Recompute::none);
  add("+ sequence parallel", "(34 + 5as/h)/t", both, cost::Recompute::none);
  add("+ selective recomputation", "34/t", both, cost::Recompute::selective);
  add("full recomputation", "2", one, cost::Recompute::full);
  return sheet;
}

Sheet bubble_table() {
  Sheet sheet = table("bubble", "Pipeline bubble, (p - 1)/(v m)",
                      {{"stages", "stages p"},
                       {"micro_batches", "micro batches m"},
                       {"plain", "1F1B"},
                       {"interleaved_2", "interleaved, v = 2"},
                       {"interleaved_4", "v = 4"}});
  for (const std::int64_t stages : {2, 4, 8}) {
    for (const std::int64_t times : {1, 4, 16}) {
      const std::int64_t m = stages * times;
      std::vector<Cell> row = {whole(stages), whole(m)};
      for (const std::int64_t chunks : {1, 2, 4}) {
        const double bubble = cost::pipeline_bubble(stages, m, chunks);
        row.push_back(number(bubble, percent_text(bubble)));
      }
      sheet.rows.push_back(std::move(row));
    }
  }
  return sheet;
}

std::string group_text(const std::vector<std::vector<std::int64_t>>& groups) {
  std::string text;
  for (const auto& group : groups) {
    text += text.empty() ? "[" : " [";
    for (std::size_t i = 0; i < group.size(); ++i) text += (i ? "," : "") + std::to_string(group[i]);
    text += "]";
  }
  return text;
}

Sheet groups_table() {
  const cost::RankGroups groups = cost::rank_groups({.tensor = 2, .pipeline = 4, .data = 2});
  Sheet sheet = table("groups", "Ranks of 16 GPUs, tensor 2, pipeline 4, data 2",
                      {{"kind", "groups"}, {"count", "how many"}, {"ranks", "ranks"}});
  const auto add = [&](const char* kind, const std::vector<std::vector<std::int64_t>>& list) {
    sheet.rows.push_back({word(kind), whole(static_cast<std::int64_t>(list.size())), word(group_text(list))});
  };
  add("tensor", groups.tensor);
  add("data", groups.data);
  add("pipeline", groups.pipeline);
  return sheet;
}

Sheet vocabulary_table() {
  Sheet sheet = table("vocabulary", "A vocabulary of 50257, padded to a multiple of 128 a tensor rank",
                      {{"tensor", "tensor parallel"}, {"padded", "padded"}});
  for (const std::int64_t tensor : {1, 2, 8})
    sheet.rows.push_back({whole(tensor), whole(cost::padded_vocabulary(50257, tensor))});
  return sheet;
}

Sheet blend_table() {
  Sheet sheet = table("blend", "A published blend: how often each corpus is seen",
                      {{"corpus", "corpus"},
                       {"tokens_billions", "tokens, billions"},
                       {"weight_percent", "weight, %"},
                       {"epochs", "epochs"},
                       {"published_epochs", "published"}},
                      "Epochs are weight x trained tokens / tokens; the published ones fit 275 billion "
                      "trained tokens but for one row.");
  for (const cost::WeightedCorpus& corpus : cost::published_blend())
    sheet.rows.push_back(
        {word(std::string(corpus.name)), decimal(corpus.tokens, 1), decimal(corpus.weight, 1),
         decimal(cost::epochs(corpus, cost::kPublishedBlendTokens), 1), decimal(corpus.published_epochs, 1)});
  return sheet;
}

using MakeSheet = Sheet (*)();
constexpr std::pair<const char*, MakeSheet> kTables[] = {
    {"gpt3", gpt3_table},     {"scaling", scaling_table}, {"recompute", recompute_table},
    {"times", times_table},   {"states", states_table},   {"activations", activations_table},
    {"bubble", bubble_table}, {"groups", groups_table},   {"vocabulary", vocabulary_table},
    {"blend", blend_table},
};

}  // namespace

std::vector<std::string> published_table_names() {
  std::vector<std::string> names;
  for (const auto& [name, make] : kTables) names.emplace_back(name);
  return names;
}

std::vector<Sheet> published_tables(const std::vector<std::string>& names) {
  std::vector<Sheet> sheets;
  for (const auto& [name, make] : kTables)
    if (names.empty() || std::find(names.begin(), names.end(), name) != names.end()) sheets.push_back(make());
  return sheets;
}

}  // namespace gpt::estimate
