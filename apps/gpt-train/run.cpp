#include "apps/gpt-train/run.hpp"

#include <cstdlib>
#include <memory>
#include <optional>

#include "apps/gpt-train/compute_device.hpp"
#include "apps/gpt-train/metrics_file.hpp"
#include "apps/gpt-train/overview.hpp"
#include "apps/gpt-train/peak_speed.hpp"
#include "apps/gpt-train/plan.hpp"
#include "apps/gpt-train/print_layout.hpp"
#include "apps/gpt-train/profile.hpp"
#include "apps/gpt-train/run_result.hpp"
#include "apps/gpt-train/same_run.hpp"
#include "apps/gpt-train/settle.hpp"
#include "apps/gpt-train/standard_output.hpp"
#include "apps/gpt-train/train_on.hpp"
#include "apps/gpt-train/training_log.hpp"
#include "libcommon/cli/run_files.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/run_report.hpp"
#include "libgpt/comm/groups_of_rank.hpp"
#include "libgpt/comm/rank_threads.hpp"
#include "libgpt/ops/threads.hpp"
#include "libgpt/tensor/device.hpp"
#include "libgpt/train/trainer.hpp"
#include "libgpt/train/unigram_entropy.hpp"

namespace gpt::train_tool {
namespace {

// Enough tokens for the entropy to three digits, read in a fraction of a second.
constexpr std::int64_t kEntropyTokens = 20'000'000;

// That a rank could reach a second.
double peak_flops(const Options& options, const comm::RankDevice& device) {
  if (options.peak_teraflops) return *options.peak_teraflops * 1e12;
  return device.is_gpu() ? measured_gpu_peak_flops(options) : measured_peak_flops<float>();
}

// What one rank does for all: log, metrics, report.
class Spokesman {
 public:
  Spokesman(const Options& options, const Plan& plan, const comm::RankDevice& device, int ranks)
      : options_(options),
        plan_(plan),
        metrics_(open_metrics_or_throw()),
        log_(options, plan.model.shape, peak_flops(options, device), metrics_.get()) {
    check_files_or_throw();
    warn_of_changes(plan);
    print_line_or_throw(device_overview(options, device, ranks));
    entropy_ = train::unigram_entropy(*plan.data.train, plan.vocabulary.size, kEntropyTokens);
    print_line_or_throw(model_overview(plan.model));
    print_line_or_throw(data_overview(plan.data));
    print_line_or_throw(entropy_overview(entropy_));
  }

  train::Observer& observer() { return log_; }

  void tell_start(std::int64_t iteration) const {
    if (!plan_.start.folder) return;
    print_line_or_throw(" starting from " + plan_.start.folder->path() + ", iteration " +
                        std::to_string(iteration));
  }

  void tell_result(const train::TrainResult& result, log::RunReport& report) {
    log_.finish();
    print_result(result, entropy_);
    if (tensor::has_device()) tell_device_memory(report);
    write_report(options_, result, entropy_, plan_.model, log_, report);
  }

 private:
  static void tell_device_memory(log::RunReport& report) {
    const tensor::Device& device = tensor::device();
    const std::string held = tensor::memory_text(device.held_at_peak());
    print_line_or_throw(" device memory: at most " + tensor::byte_text(device.peak_bytes()) + " of " +
                        tensor::byte_text(device.total_bytes()) + (held.empty() ? "" : " (" + held + ")"));
    report.set("peak_device_bytes", static_cast<std::int64_t>(device.peak_bytes()));
  }

  // Before long work.
  void check_files_or_throw() const {
    cli::RunFiles files;
    files.add_output("--metrics", options_.metrics);
    files.add_output("--profile", options_.profile);
    cli::check_files_or_throw(std::move(files), options_.common.report);
  }

  std::unique_ptr<MetricsFile> open_metrics_or_throw() const {
    if (!options_.metrics) return nullptr;
    const auto existing = options_.common.force ? io::Existing::replace : io::Existing::refuse;
    return std::make_unique<MetricsFile>(*options_.metrics, resumed_iteration(plan_), existing);
  }

  const Options& options_;
  const Plan& plan_;
  std::unique_ptr<MetricsFile> metrics_;
  TrainingLog log_;
  train::UnigramEntropy entropy_;
};

// The other ranks.
struct Silent : train::Observer {
  void on_step(const train::StepMetrics&) override {}
  void on_evaluation(const train::EvaluationMetrics&) override {}
  void on_saved(std::int64_t, const std::string&) override {}
};

// As with --metrics, the same command given again goes on; its trace is of the steps that it makes.
io::Existing existing_trace(const Options& options, const Plan& plan) {
  const bool replace = options.common.force || resumed_iteration(plan) > 0;
  return replace ? io::Existing::replace : io::Existing::refuse;
}

}  // namespace

cli::ExitCode run(const Options& parsed, comm::World& world) {
  log::RunReport report("gpt-train");
  const Options options = settled_or_throw(parsed, world_size_or_throw(parsed, world.size()));
  check_same_options_or_throw(world.communicator(), options);
  if (options.print_layout) return world.rank() == 0 ? print_layout(options) : cli::ExitCode::done;
  const int threads = options.common.threads;
  ops::set_threads(options.threads_given ? threads : comm::threads_of_rank(world.communicator(), threads));
  const auto sharing = options.share_gpus ? tensor::GpuSharing::allowed : tensor::GpuSharing::refused;
  comm::RankDevice device(world, options.device, sharing);
  check_device_or_throw(options, device);
  if (world.rank() == 0) {
    if (!device.warning().empty()) log::warning(device.warning());
    for (const std::string& name : options.without_effect) log::warning(name + " has no effect here");
  }
  Plan plan = plan_or_throw(options, world.communicator());
  check_same_data_or_throw(world.communicator(), plan);
  Profile profile(options.profile, existing_trace(options, plan), world.communicator());
  const comm::GroupsOfRank ranks(device.world(), plan.layout, profile.recorder());
  std::optional<Spokesman> spokesman;
  if (world.rank() == 0) spokesman.emplace(options, plan, device, world.size());
  Silent silent;

  const RankRun rank{options,
                     plan,
                     world,
                     ranks.groups(),
                     spokesman ? spokesman->observer() : silent,
                     profile.recorder(),
                     [&](std::int64_t iteration) {
                       if (spokesman) spokesman->tell_start(iteration);
                     }};
  const train::TrainResult result = device.is_gpu() ? train_on_gpu(rank) : train_on<float>(rank);
  if (spokesman) spokesman->tell_result(result, report);
  profile.report_or_throw(ranks.groups());
  return result.reason == train::StopReason::finished ? cli::ExitCode::done : cli::ExitCode::stopped;
}

}  // namespace gpt::train_tool
