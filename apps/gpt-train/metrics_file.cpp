#include "apps/gpt-train/metrics_file.hpp"

#include <cerrno>
#include <charconv>
#include <cmath>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::train_tool {
namespace {

// The iteration that a line of the file is about.
std::optional<std::int64_t> iteration_of(std::string_view line) {
  constexpr std::string_view kFront = "{\"iteration\":";
  if (!line.starts_with(kFront)) return std::nullopt;
  line.remove_prefix(kFront.size());
  std::int64_t iteration = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), iteration);
  if (error != std::errc()) return std::nullopt;
  return iteration;
}

// The whole lines of iterations that a resumed run does not make again.
std::string lines_up_to(std::string_view content, std::int64_t last_iteration) {
  std::string kept;
  while (!content.empty()) {
    const auto end = content.find('\n');
    if (end == std::string_view::npos) break;
    const std::string_view line = content.substr(0, end + 1);
    const auto iteration = iteration_of(line);
    if (iteration && *iteration <= last_iteration) kept += line;
    content.remove_prefix(end + 1);
  }
  return kept;
}

const char* loss_key(train::EvaluationKind kind) {
  return kind == train::EvaluationKind::final_test ? "test_loss" : "validation_loss";
}

}  // namespace

MetricsFile::MetricsFile(const std::string& path, std::int64_t resumed_iteration, io::Existing existing)
    : path_(path) {
  if (resumed_iteration == 0) {
    io::check_output_or_throw(path, existing);
  } else if (std::filesystem::is_regular_file(path)) {
    kept_ = lines_up_to(io::read_file_or_throw(path), resumed_iteration);
    io::write_file_or_throw(path, kept_, io::Existing::replace);
  }
  const int start = resumed_iteration == 0 ? O_TRUNC : 0;
  descriptor_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | start, 0666);
  if (descriptor_ < 0) throw io::IoError(path, "cannot open for writing", errno);
}

MetricsFile::~MetricsFile() { ::close(descriptor_); }

void MetricsFile::append_or_throw(std::string_view line) {
  while (!line.empty()) {
    const ssize_t written = ::write(descriptor_, line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw io::IoError(path_, "cannot write", errno);
    line.remove_prefix(static_cast<std::size_t>(written));
  }
}

void MetricsFile::write_or_throw(const train::StepMetrics& metrics, double rank_flops) {
  append_or_throw("{\"iteration\":" + std::to_string(metrics.iteration) + ",\"consumed_samples\":" +
                  std::to_string(metrics.consumed_samples) + ",\"loss\":" + io::json_number(metrics.loss) +
                  ",\"grad_norm\":" + io::json_number(metrics.gradient_norm) +
                  ",\"lr\":" + io::json_number(metrics.learning_rate) +
                  ",\"step_seconds\":" + io::json_number(metrics.seconds) +
                  ",\"tokens_per_second\":" + io::json_number(metrics.tokens_per_second()) +
                  ",\"tflops_per_rank\":" + io::json_number(rank_flops * 1e-12) +
                  ",\"batch_size\":" + std::to_string(metrics.batch_size) +
                  ",\"loss_scale\":" + io::json_number(metrics.loss_scale) +
                  ",\"skipped\":" + (metrics.skipped ? "true" : "false") + "}\n");
}

void MetricsFile::write_or_throw(const train::EvaluationMetrics& metrics) {
  const std::string front = "{\"iteration\":" + std::to_string(metrics.iteration) +
                            ",\"consumed_samples\":" + std::to_string(metrics.consumed_samples) + ",\"" +
                            loss_key(metrics.kind) + "\":";
  if (kept_.find(front) != std::string::npos) return;
  append_or_throw(front + io::json_number(metrics.loss) +
                  ",\"perplexity\":" + io::json_number(std::exp(metrics.loss)) +
                  ",\"seconds\":" + io::json_number(metrics.seconds) + "}\n");
}

}  // namespace gpt::train_tool
