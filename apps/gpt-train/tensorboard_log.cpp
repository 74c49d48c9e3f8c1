#include "apps/gpt-train/tensorboard_log.hpp"

#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include "libcommon/io/errors.hpp"

namespace gpt::train_tool {
namespace {

double wall_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// The name that TensorBoard looks for; files of one folder are read in the order of their names.
std::string file_name(int number) {
  char host[256] = "host";
  ::gethostname(host, sizeof host - 1);
  char name[400];
  std::snprintf(name, sizeof name, "events.out.tfevents.%010lld.%s.%lld.%d",
                static_cast<long long>(wall_time()), host, static_cast<long long>(::getpid()), number);
  return name;
}

}  // namespace

TensorboardLog::TensorboardLog(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw io::IoError(folder, "cannot make the folder", error.value());
  for (int number = 0; descriptor_ < 0; ++number) {
    path_ = folder + "/" + file_name(number);
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
    if (descriptor_ < 0 && errno != EEXIST) throw io::IoError(path_, "cannot open for writing", errno);
  }
  append_or_throw(version_record(wall_time()));
}

TensorboardLog::~TensorboardLog() { ::close(descriptor_); }

void TensorboardLog::append_or_throw(std::string_view record) {
  while (!record.empty()) {
    const ssize_t written = ::write(descriptor_, record.data(), record.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw io::IoError(path_, "cannot write", errno);
    record.remove_prefix(static_cast<std::size_t>(written));
  }
}

void TensorboardLog::append_or_throw(std::int64_t step, std::int64_t samples,
                                     const std::vector<Scalar>& scalars) {
  std::vector<std::string> names;
  std::vector<Scalar> by_samples = scalars;
  names.reserve(scalars.size());
  for (Scalar& scalar : by_samples) {
    names.push_back(std::string(scalar.tag) + " vs samples");
    scalar.tag = names.back();
  }
  const double now = wall_time();
  append_or_throw(scalars_record(now, step, scalars) + scalars_record(now, samples, by_samples));
}

void TensorboardLog::write_or_throw(const train::StepMetrics& metrics) {
  append_or_throw(metrics.iteration, metrics.consumed_samples,
                  {{"learning-rate", metrics.learning_rate},
                   {"batch-size", static_cast<double>(metrics.batch_size)},
                   {"lm loss", metrics.loss},
                   {"loss-scale", metrics.loss_scale},
                   {"grad-norm", metrics.gradient_norm},
                   {"iteration-time", metrics.seconds},
                   {"tokens-per-second", metrics.tokens_per_second()}});
}

void TensorboardLog::write_or_throw(const train::EvaluationMetrics& metrics) {
  const bool test = metrics.kind == train::EvaluationKind::final_test;
  append_or_throw(
      metrics.iteration, metrics.consumed_samples,
      {{test ? "lm loss test" : "lm loss validation", metrics.loss},
       {test ? "lm loss test ppl" : "lm loss validation ppl", std::exp(std::min(metrics.loss, 20.0))}});
}

}  // namespace gpt::train_tool
