#include "apps/gpt-train/metrics_file.hpp"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace gpt;
using train_tool::MetricsFile;

namespace {

train::StepMetrics step(std::int64_t iteration) {
  return {iteration, 4 * iteration, 64, 5.5, 1.25, 1e-3, 0.5, 4};
}

train::EvaluationMetrics evaluation(std::int64_t iteration) {
  return {train::EvaluationKind::interval, iteration, 4 * iteration, 5.0, 0.1};
}

}  // namespace

TEST_CASE("a resumed run goes on in its metrics, each step and evaluation once") {
  const test::ScratchFolder folder;
  const std::string path = folder.file("metrics.jsonl");
  {
    MetricsFile file(path, 0, io::Existing::refuse);
    for (const std::int64_t i : {1, 2, 3}) file.write_or_throw(step(i), 2e12);
    file.write_or_throw(evaluation(2));
  }
  CHECK_THROWS_AS(MetricsFile(path, 0, io::Existing::refuse), io::IoError);
  {
    MetricsFile file(path, 2, io::Existing::refuse);
    file.write_or_throw(evaluation(2));
    file.write_or_throw(step(3), 2e12);
  }
  const std::string content = io::read_file_or_throw(path);
  CHECK(std::count(content.begin(), content.end(), '\n') == 4);
  CHECK(content.starts_with(
      "{\"iteration\":1,\"consumed_samples\":4,\"loss\":5.5,\"grad_norm\":1.25,\"lr\":0.001,"
      "\"step_seconds\":0.5,\"tokens_per_second\":128,\"tflops_per_rank\":2,\"batch_size\":4,"
      "\"loss_scale\":1,\"skipped\":false}\n"));
  CHECK(content.find("\"validation_loss\":5,\"perplexity\":148.4") != std::string::npos);
  MetricsFile(path, 0, io::Existing::replace);
  CHECK(io::read_file_or_throw(path).empty());
}
