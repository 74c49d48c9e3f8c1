#include "apps/gpt-generate/run.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "apps/gpt-generate/generate_texts.hpp"
#include "apps/gpt-generate/gpu_part.hpp"
#include "apps/gpt-generate/model_vocabulary.hpp"
#include "apps/gpt-generate/score_texts.hpp"
#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/run_files.hpp"
#include "libcommon/cli/stop_signals.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/run_report.hpp"
#include "libgpt/comm/gpu_of_rank.hpp"
#include "libgpt/comm/groups_of_rank.hpp"
#include "libgpt/comm/rank_threads.hpp"
#include "libgpt/comm/same_on_all_ranks.hpp"
#include "libgpt/generate/load_weights.hpp"
#include "libgpt/model/stage_inference.hpp"
#include "libgpt/ops/threads.hpp"

namespace gpt::generate_tool {
namespace {

void check_ranks_or_throw(const cost::Layout& layout, std::int64_t started) {
  if (layout.processes() == started) return;
  const std::string ranks = std::to_string(layout.processes());
  throw cli::UsageError("--tensor-model-parallel-size " + std::to_string(layout.tensor) +
                        " times --pipeline-model-parallel-size " + std::to_string(layout.pipeline) + " is " +
                        ranks + (layout.processes() == 1 ? " rank" : " ranks") + ", but " +
                        std::to_string(started) + (started == 1 ? " was" : " were") +
                        " started: give sizes that multiply to that, or start " + ranks + " (mpirun -n " +
                        ranks + ", or srun)");
}

// What makes ranks part of the same model.
void check_same_model_or_throw(const Options& options, const checkpoint::ModelFolder& folder,
                               comm::Communicator& world) {
  const auto& shape = folder.config().model.shape;
  const auto line = [](const char* name, std::int64_t value) {
    return std::string(name) + " " + std::to_string(value) + "\n";
  };
  comm::check_same_on_all_ranks_or_throw(
      world, "the models",
      "--load " + folder.path() + "\n" + line("--tensor-model-parallel-size", options.layout.tensor) +
          line("--pipeline-model-parallel-size", options.layout.pipeline) + line("layers", shape.layers) +
          line("hidden size", shape.hidden) + line("vocabulary", shape.vocabulary));
}

std::unique_ptr<model::InferencePart> make_part_or_throw(const Options& options,
                                                         const comm::RankDevice& device,
                                                         const model::ModelConfig& config,
                                                         const comm::ParallelGroups& groups) {
  if (device.is_gpu()) return make_part_on_gpu(options, config, groups);
  if (options.precision != cost::Precision::fp32) {
    throw cli::UsageError(std::string(options.precision == cost::Precision::bf16 ? "--bf16" : "--fp16") +
                          ": the CPU computes in fp32; leave it out, or start where there is a GPU (" +
                          device.why_no_gpu() + ")");
  }
  return std::make_unique<model::StageInference<float>>(config, groups);
}

// Before long work. Rank 0 alone writes.
void check_files_or_throw(const Options& options) {
  cli::RunFiles files;
  files.add_output("--output", options.output);
  if (const auto* score = std::get_if<ScoreTask>(&options.task)) {
    files.add_input("--score", score->path);
  } else if (const auto* file = std::get_if<PromptFile>(&std::get<GenerateTask>(options.task).prompts)) {
    files.add_input("--input", file->path);
  }
  cli::check_files_or_throw(std::move(files), options.common.report);
  io::check_output_or_throw(options.output,
                            options.common.force ? io::Existing::replace : io::Existing::refuse);
}

// Rank 0's work with the model.
void do_task_or_throw(const Options& options, const checkpoint::ModelFolder& folder,
                      model::InferenceModel& model, log::RunReport& report) {
  const ModelVocabulary vocabulary = load_vocabulary_or_throw(options, folder);
  report.set("model", folder.path());
  if (const auto* score = std::get_if<ScoreTask>(&options.task)) {
    score_texts_or_throw(options, *score, model, vocabulary, report);
  } else {
    generate_texts_or_throw(options, std::get<GenerateTask>(options.task), model, vocabulary, report);
  }
  if (options.common.report) report.write_or_throw(*options.common.report);
}

// A stop is obeyed by all ranks together, wherever rank 0 hears of it.
cli::ExitCode run_on_ranks(model::InferenceModel& model, int rank, const std::function<void()>& task) {
  try {
    if (rank == 0) {
      task();
      model.end();
    } else {
      model.serve();
    }
    return cli::ExitCode::done;
  } catch (const cli::StoppedOnRequest&) {
    if (rank != 0) return cli::ExitCode::stopped;
    model.end_stopped();
    log::info("stopped on request; give the same command again to go on");
    return cli::ExitCode::stopped;
  }
}

// What to do about it is told where memory does not suffice.
cli::ExitCode with_memory_advice(const std::function<cli::ExitCode()>& work) {
  try {
    return work();
  } catch (const tensor::OutOfDeviceMemory& error) {
    throw tensor::DeviceError(std::string(error.what()) +
                              "; a smaller --batch-size takes less for keys and values, --bf16 half of all, "
                              "and more ranks (--tensor-model-parallel-size) share it");
  }
}

cli::ExitCode run_on_device(const Options& options, comm::World& world, comm::RankDevice& device,
                            log::RunReport& report) {
  const comm::GroupsOfRank ranks(device.world(), options.layout);
  auto folder = checkpoint::ModelFolder::open_or_throw(options.load);
  check_same_model_or_throw(options, folder, world.communicator());
  const auto part = make_part_or_throw(options, device, folder.config().model, ranks.groups());
  generate::load_weights_or_throw(folder.weights(), *part);
  model::InferenceModel model(*part, ranks.groups(), cli::stop_requested);
  report.set("device", device.name());
  cli::ExitCode code = cli::ExitCode::done;
  world.set_time_limit(std::chrono::seconds(0));  // the others wait for the next prompt as long as it takes
  world.end_all_on_failure([&] {
    code = with_memory_advice([&] {
      return run_on_ranks(model, world.rank(), [&] { do_task_or_throw(options, folder, model, report); });
    });
  });
  return code;
}

}  // namespace

cli::ExitCode run(const Options& options, comm::World& world) {
  log::RunReport report("gpt-generate");
  check_ranks_or_throw(options.layout, world.size());
  ops::set_threads(options.threads_given
                       ? options.common.threads
                       : comm::threads_of_rank(world.communicator(), options.common.threads));
  if (world.rank() == 0) check_files_or_throw(options);
  comm::RankDevice device(world, options.device, options.gpu_sharing);
  if (world.rank() == 0 && !device.warning().empty()) log::warning(device.warning());
  return with_memory_advice([&] { return run_on_device(options, world, device, report); });
}

}  // namespace gpt::generate_tool
