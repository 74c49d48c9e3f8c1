#include "apps/gpt-estimate/model_estimate.hpp"

#include <map>

#include <doctest/doctest.h>

using namespace gpt::estimate;
namespace cost = gpt::cost;

namespace {

// Figures of all sheets of that kind, by "sheet.key".
std::map<std::string, std::string> figures_of(const std::vector<Sheet>& sheets) {
  std::map<std::string, std::string> figures;
  for (const Sheet& sheet : sheets)
    if (sheet.kind == SheetKind::figures)
      for (const auto& row : sheet.rows) figures[sheet.key + "." + row[0].shown] = row[2].json;
  return figures;
}

ModelTask small() {
  ModelTask task;
  task.shape = {.layers = 12, .hidden = 768, .heads = 12, .positions = 1024, .vocabulary = 50257};
  task.batch = {1024, 4, 8};
  task.precision = cost::Precision::fp32;
  task.device = Device::cpu;
  return task;
}

}  // namespace

TEST_CASE("one process on a CPU: 16 bytes a parameter, and minutes from its speed") {
  ModelTask task = small();
  task.flops_per_process = 1e11;
  task.tokens = 8.0 * 1024 * 50;
  const std::vector<Sheet> sheets = estimate_model(task);
  auto figures = figures_of(sheets);
  CHECK(figures["model.parameters"] == "124439808");
  CHECK(figures["model.padded_vocabulary"] == "50304");
  CHECK(std::stod(figures["time.seconds"]) ==
        doctest::Approx(50 * std::stod(figures["model.flops_per_step"]) / 1e11));
  CHECK(std::stod(figures["time.step_seconds"]) == doctest::Approx(std::stod(figures["time.seconds"]) / 50));
  const Sheet& memory = sheets.at(2);
  REQUIRE(memory.key == "memory");
  // 47 rows of padding are held and trained as the others are.
  CHECK(std::stod(memory.rows.at(0).at(2).json) == 16.0 * (124439808 + 47 * 768));
  CHECK(figures.count("traffic.data_bytes") == 0);
}

TEST_CASE("several processes: groups, bubble, traffic, two stages of memory") {
  ModelTask task = small();
  task.layout = {.tensor = 2, .pipeline = 3, .data = 2};
  task.batch.global_batch = 64;
  const std::vector<Sheet> sheets = estimate_model(task);
  auto figures = figures_of(sheets);
  CHECK(figures["layout.processes"] == "12");
  CHECK(figures["layout.micro_batches"] == "8");
  CHECK(std::stod(figures["layout.bubble"]) == doctest::Approx(2.0 / 8));
  CHECK(std::stod(figures["traffic.tensor_bytes"]) > 0);
  CHECK(sheets.at(2).rows.size() == 2);
}
