#include "apps/gpt-train/plan.hpp"

#include "apps/gpt-train/same_run.hpp"
#include "apps/gpt-train/schedule_notes.hpp"
#include "apps/gpt-train/settle.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/log/logger.hpp"

namespace gpt::train_tool {
namespace {

// A part that a split gives nothing to is not asked for.
bool has_part(const data::Split& split, data::Part part) {
  return split.range(part, 1'000'000'000).size() > 0;
}

data::TrainingData open_data_or_throw(const Options& options, comm::Communicator& world) {
  const train::TrainConfig& train = options.train;
  data::WantedSamples wanted = data::wanted_samples(train.train_iterations, train.global_batch_size,
                                                    train.eval_interval, train.eval_iterations);
  wanted[0] = train.batch_size().samples_of(train.train_iterations);
  const data::SamplingConfig sampling{options.data.sequence_length, static_cast<std::uint32_t>(train.seed),
                                      options.data.cache_folder, world.size() == 1 ? nullptr : &world};
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

std::string ramp_up_text(const std::optional<optim::BatchSize::Rampup>& ramp_up) {
  if (!ramp_up) return "none";
  return std::to_string(ramp_up->start) + " " + std::to_string(ramp_up->increment) + " " +
         std::to_string(ramp_up->samples);
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
                {"rampup_batch_size", ramp_up_text(options.train.ramp_up)},
                {"seq_length", std::to_string(options.data.sequence_length)},
                {"train_iterations", std::to_string(options.train.train_iterations)}};
  plan.on_error = options.on_save_error;
  return plan;
}

// Where the run stands that is gone on with; nothing where training starts from the first step.
std::optional<checkpoint::TrainerState> state_gone_on_with_or_throw(const StartPoint& start) {
  if (!start.folder || start.restore == train::Restore::weights_only) return std::nullopt;
  return start.folder->trainer_state_or_throw();
}

// The schedule to follow. One whose optimizer's state starts anew may be another.
KeptSchedule schedule_or_throw(const Options& options, const StartPoint& start,
                               const std::optional<checkpoint::TrainerState>& state) {
  const KeptSchedule given{options.train.schedule, options.train.optimizer.weight_decay};
  if (!state) return given;
  if (options.schedule_on_resume == ScheduleOnResume::use_checkpoint) {
    return schedule_of_or_throw(start.folder->path(), *state);
  }
  if (options.schedule_on_resume == ScheduleOnResume::must_agree && start.restore == train::Restore::all) {
    check_schedule_or_throw(start.folder->path(), *state, given);
  }
  return given;
}

}  // namespace

Plan plan_or_throw(const Options& options, comm::Communicator& world) {
  Plan plan;
  plan.start = find_start_or_throw(options);
  check_same_start_or_throw(world, plan.start);
  plan.gone_on_with = state_gone_on_with_or_throw(plan.start);
  const auto& folder = plan.start.folder;
  plan.vocabulary = read_vocabulary_or_throw(options.data, folder ? &*folder : nullptr);
  plan.model = model_config_or_throw(options, plan.start, plan.vocabulary.size);
  plan.layout = layout_of_model_or_throw(options, plan.model.shape);
  plan.train = options.train;
  plan.train.documents = document_rules_or_throw(options, plan.vocabulary);
  plan.save = save_plan(options, plan.vocabulary);
  const KeptSchedule schedule = schedule_or_throw(options, plan.start, plan.gone_on_with);
  plan.train.schedule = schedule.rate;
  plan.train.optimizer.weight_decay = schedule.weight_decay;
  plan.save.notes.merge(schedule_notes(schedule));
  plan.data = open_data_or_throw(options, world);
  return plan;
}

// The order of the samples follows from these: with others, a resumed run sees other data.
void warn_of_changes(const Plan& plan) {
  const auto& state = plan.gone_on_with;
  if (!state) return;
  for (const char* name : {"global_batch_size", "rampup_batch_size", "seq_length"}) {
    const std::string& now = plan.save.notes.at(name);
    const auto then = state->texts.find(name);
    if (then == state->texts.end() || then->second == now) continue;
    log::warning("the checkpoint was made with " + std::string(name) + " " + then->second +
                 " and now it is " + now + ": what follows is not what that run would have done");
  }
  if (state->seed != plan.train.seed) {
    log::warning("the checkpoint was made with seed " + std::to_string(state->seed) + " and now it is " +
                 std::to_string(plan.train.seed) + ": what follows is not what that run would have done");
  }
}

std::int64_t resumed_iteration(const Plan& plan) {
  return plan.gone_on_with ? plan.gone_on_with->iteration : 0;
}

}  // namespace gpt::train_tool
