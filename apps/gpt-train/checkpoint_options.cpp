#include <CLI/CLI.hpp>

#include "apps/gpt-train/written_options.hpp"
#include "libcommon/cli/errors.hpp"

namespace gpt::train_tool {

void add_checkpoint_options(CLI::App& app, Written& w) {
  Options& options = w.options;
  app.add_option("--save", options.save, "Folder for checkpoints; a run it holds is gone on with")
      ->type_name("FOLDER");
  app.add_option("--load", options.load, "Checkpoint folder, or Hugging Face GPT-2, to start from")
      ->type_name("FOLDER");
  add_size(app, "--save-interval", options.save_interval,
           "Steps between checkpoints; default only at the end");
  app.add_option("--keep-last", options.keep_last, "Checkpoints to keep; default all")
      ->check(CLI::Range(1, 1 << 30))
      ->type_name("N");
  app.add_option("--on-save-error", w.on_save_error,
                 "After a checkpoint within the run that could not be written: end, or train on")
      ->check(CLI::IsMember({"stop", "continue"}))
      ->capture_default_str();
  app.add_flag("--finetune", w.finetune, "Take only the weights of --load; train from the first step");
  app.add_flag("--no-load-optim", w.no_load_optimizer, "Start the optimizer's state anew");
  app.add_flag("--no-save-optim", w.no_save_optimizer, "Leave the optimizer's state out of checkpoints");
  auto* follow = app.add_flag("--use-checkpoint-lr-scheduler", w.checkpoint_schedule,
                              "Go on with the checkpoint's learning-rate schedule and weight decay");
  app.add_flag("--override-lr-scheduler", w.override_schedule,
               "Follow the command line's, where the checkpoint's is another")
      ->excludes(follow);
}

void settle_checkpoint_options_or_throw(Written& w) {
  Options& options = w.options;
  if (w.finetune && !options.load)
    throw cli::UsageError("--finetune needs --load: the weights to start from");
  if (w.finetune) {
    options.load_mode = LoadMode::finetune;
  } else if (w.no_load_optimizer) {
    options.load_mode = LoadMode::go_on_without_optimizer;
  }
  if (w.no_save_optimizer) options.save_optimizer = train::SavePlan::Optimizer::leave_out;
  if (options.save_interval != 0 && !options.save) {
    throw cli::UsageError("--save-interval needs --save: the folder for checkpoints");
  }
  if (w.on_save_error == "continue") options.on_save_error = train::SavePlan::OnError::go_on;
  if (w.override_schedule) options.schedule_on_resume = ScheduleOnResume::override_checkpoint;
  if (w.checkpoint_schedule) options.schedule_on_resume = ScheduleOnResume::use_checkpoint;
  if (options.common.seed > UINT32_MAX) {
    throw cli::UsageError("--seed " + std::to_string(options.common.seed) +
                          " is more than 4294967295, the largest that sample shuffling takes");
  }
  options.train.seed = options.common.seed;
}

}  // namespace gpt::train_tool
