#include "apps/gpt-train/run.hpp"

#include <cstdio>
#include <memory>

#include "apps/gpt-train/metrics_file.hpp"
#include "apps/gpt-train/overview.hpp"
#include "apps/gpt-train/print_layout.hpp"
#include "apps/gpt-train/settle.hpp"
#include "apps/gpt-train/standard_output.hpp"
#include "apps/gpt-train/start_point.hpp"
#include "apps/gpt-train/training_log.hpp"
#include "apps/gpt-train/vocabulary.hpp"
#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/stop_signals.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/run_report.hpp"
#include "libgpt/data/training_data.hpp"
#include "libgpt/ops/threads.hpp"
#include "libgpt/train/unigram_entropy.hpp"

namespace gpt::train_tool {
namespace {

// Enough tokens for the entropy to three digits, read in a fraction of a second.
constexpr std::int64_t kEntropyTokens = 20'000'000;

// A part that a split gives nothing to is not asked for.
bool has_part(const data::Split& split, data::Part part) {
  return split.range(part, 1'000'000'000).size() > 0;
}

data::TrainingData open_data_or_throw(const Options& options) {
  const train::TrainConfig& train = options.train;
  data::WantedSamples wanted = data::wanted_samples(train.train_iterations, train.global_batch_size,
                                                    train.eval_interval, train.eval_iterations);
  const data::SamplingConfig sampling{options.data.sequence_length, static_cast<std::uint32_t>(train.seed),
                                      options.data.cache_folder};
  if (options.data.paths.empty()) {
    std::array<std::vector<data::WeightedPath>, 3> paths;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      if (options.data.part_paths[i].empty()) {
        wanted[i] = 0;
      } else {
        paths[i] = data::parse_data_paths_or_throw(options.data.part_paths[i]);
      }
    }
    return data::build_training_data_or_throw(paths, wanted, sampling);
  }
  const data::Split split = data::Split::parse_or_throw(options.data.split);
  for (const data::Part part : {data::Part::valid, data::Part::test}) {
    if (!has_part(split, part)) wanted[static_cast<std::size_t>(part)] = 0;
  }
  return data::build_training_data_or_throw(data::parse_data_paths_or_throw(options.data.paths), split,
                                            wanted, sampling);
}

train::DocumentRules document_rules_or_throw(const Options& options, const Vocabulary& vocabulary) {
  train::DocumentRules rules = options.train.documents;
  if (!rules.any()) return rules;
  if (!vocabulary.end_of_text) {
    throw io::DataError(options.data.vocab_file.value_or("vocab.json"),
                        "has no <|endoftext|>, by which --reset-position-ids, --reset-attention-mask and "
                        "--eod-mask-loss know the ends of documents");
  }
  rules.end_of_document = static_cast<std::int32_t>(*vocabulary.end_of_text);
  return rules;
}

train::SavePlan save_plan(const Options& options, const Vocabulary& vocabulary) {
  train::SavePlan plan;
  plan.folder = options.save;
  plan.save_interval = options.save_interval;
  plan.optimizer = options.save_optimizer;
  plan.keep_last = options.keep_last;
  plan.extra_files = vocabulary.files;
  plan.end_of_text = vocabulary.end_of_text;
  plan.notes = {{"global_batch_size", std::to_string(options.train.global_batch_size)},
                {"seq_length", std::to_string(options.data.sequence_length)},
                {"train_iterations", std::to_string(options.train.train_iterations)}};
  return plan;
}

// The order of the samples follows from these: with others, a resumed run sees other data.
void warn_of_changes(const StartPoint& start, const train::SavePlan& plan, std::uint64_t seed) {
  if (!start.folder || start.restore == train::Trainer::Restore::weights_only) return;
  const auto state = start.folder->trainer_state_or_throw();
  if (!state) return;
  for (const auto& [name, now] : plan.notes) {
    const auto then = state->texts.find(name);
    if (then == state->texts.end() || then->second == now) continue;
    log::warning("the checkpoint was made with " + name + " " + then->second + " and now it is " + now +
                 ": what follows is not what that run would have done");
  }
  if (state->seed != seed) {
    log::warning("the checkpoint was made with seed " + std::to_string(state->seed) + " and now it is " +
                 std::to_string(seed) + ": what follows is not what that run would have done");
  }
}

const char* name_of(train::StopReason reason) {
  switch (reason) {
    case train::StopReason::finished:
      return "finished";
    case train::StopReason::requested:
      return "signal";
    case train::StopReason::exit_interval:
      return "exit-interval";
    case train::StopReason::exit_duration:
      return "exit-duration-in-mins";
  }
  return "finished";
}

void print_result(const train::TrainResult& result, const train::UnigramEntropy& entropy) {
  if (result.reason != train::StopReason::finished) {
    print_line_or_throw(" stopped after iteration " + std::to_string(result.iteration) + " (" +
                        name_of(result.reason) + ")" +
                        (result.saved ? ": the same command goes on from " + *result.saved
                                      : ": nothing was saved, for want of --save"));
    return;
  }
  if (!result.validation_loss) return;
  char line[160];
  std::snprintf(line, sizeof line,
                " validation loss %.4f nats a token; guessing by token frequency alone would cost %.4f",
                *result.validation_loss, entropy.nats);
  print_line_or_throw(line);
}

void write_report(const Options& options, const train::TrainResult& result,
                  const train::UnigramEntropy& entropy, const model::ModelConfig& config,
                  const TrainingLog& log, log::RunReport& report) {
  if (!options.common.report) return;
  report.set("parameters", cost::parameter_count(config.shape));
  report.set("iterations", result.iteration);
  report.set("consumed_samples", result.consumed_samples);
  report.set("tokens", log.tokens());
  report.set("step_seconds", log.seconds());
  if (result.last_loss) report.set("train_loss", *result.last_loss);
  if (result.validation_loss) report.set("validation_loss", *result.validation_loss);
  if (result.test_loss) report.set("test_loss", *result.test_loss);
  report.set("unigram_entropy", entropy.nats);
  report.set("unigram_tokens", entropy.tokens);
  report.set("stop_reason", name_of(result.reason));
  if (result.saved) report.set("checkpoint", *result.saved);
  report.write_or_throw(*options.common.report);
}

// All that a run is made of, read and checked before memory for the model is taken.
struct Plan {
  StartPoint start;
  Vocabulary vocabulary;
  model::ModelConfig model;
  train::TrainConfig train;
  train::SavePlan save;
  data::TrainingData data;
  train::UnigramEntropy entropy;
};

Plan plan_or_throw(const Options& options) {
  Plan plan;
  plan.start = find_start_or_throw(options);
  const auto& folder = plan.start.folder;
  plan.vocabulary = read_vocabulary_or_throw(options.data, folder ? &*folder : nullptr);
  plan.model = model_config_or_throw(options, plan.start, plan.vocabulary.size);
  plan.train = options.train;
  plan.train.documents = document_rules_or_throw(options, plan.vocabulary);
  plan.save = save_plan(options, plan.vocabulary);
  warn_of_changes(plan.start, plan.save, plan.train.seed);
  plan.data = open_data_or_throw(options);
  plan.entropy = train::unigram_entropy(*plan.data.train, plan.vocabulary.size, kEntropyTokens);
  return plan;
}

// The step that the start point goes on from.
std::int64_t resumed_iteration(const StartPoint& start) {
  if (!start.folder || start.restore == train::Trainer::Restore::weights_only) return 0;
  const auto state = start.folder->trainer_state_or_throw();
  return state ? state->iteration : 0;
}

std::unique_ptr<MetricsFile> open_metrics_or_throw(const Options& options, const StartPoint& start) {
  if (!options.metrics) return nullptr;
  const auto existing = options.common.force ? io::Existing::replace : io::Existing::refuse;
  return std::make_unique<MetricsFile>(*options.metrics, resumed_iteration(start), existing);
}

// Options that would change what a run does, if they were passed over.
void refuse_missing_or_throw(const Options& options) {
  const char* activations = ": all activations are kept; a smaller --micro-batch-size takes less memory";
  const std::pair<const char*, bool> missing[] = {
      {"--rampup-batch-size: the batch size is constant; leave it out", options.lengths.ramp_up.has_value()},
      {"--use-checkpoint-lr-scheduler: the learning rate follows the command line; leave it out",
       options.schedule_on_resume == ScheduleOnResume::use_checkpoint},
      {"--on-save-error continue: a run ends where it cannot save; leave it out",
       options.on_save_error == OnSaveError::go_on},
      {"--profile: no profile is taken; leave it out", options.profile.has_value()}};
  if (options.recompute.granularity != cost::Recompute::none) {
    throw cli::UsageError(std::string("--recompute-granularity") + activations);
  }
  for (const auto& [reason, given] : missing) {
    if (given) throw cli::UsageError(reason);
  }
}

void print_overview(const Plan& plan) {
  print_line_or_throw(model_overview(plan.model));
  print_line_or_throw(data_overview(plan.data));
  print_line_or_throw(entropy_overview(plan.entropy));
}

}  // namespace

cli::ExitCode run(const Options& parsed) {
  log::RunReport report("gpt-train");
  const Options options = settled_or_throw(parsed, world_size_or_throw(parsed, 1));
  if (options.print_layout) return print_layout(options);
  refuse_missing_or_throw(options);
  ops::set_threads(options.common.threads);
  for (const std::string& name : options.without_effect) log::warning(name + " has no effect here");

  Plan plan = plan_or_throw(options);
  const auto metrics = open_metrics_or_throw(options, plan.start);
  print_overview(plan);
  model::Gpt<float> model(plan.model);
  TrainingLog log(options, plan.model.shape, metrics.get());
  train::Trainer trainer(plan.train, plan.save, model, plan.data, log, cli::stop_requested);
  if (plan.start.folder) {
    trainer.restore_or_throw(*plan.start.folder, plan.start.restore);
    print_line_or_throw(" starting from " + plan.start.folder->path() + ", iteration " +
                        std::to_string(trainer.iteration()));
  } else {
    model.initialise(plan.train.seed);
  }

  const train::TrainResult result = trainer.run();
  log.finish();
  print_result(result, plan.entropy);
  write_report(options, result, plan.entropy, plan.model, log, report);
  return result.reason == train::StopReason::finished ? cli::ExitCode::done : cli::ExitCode::stopped;
}

}  // namespace gpt::train_tool
