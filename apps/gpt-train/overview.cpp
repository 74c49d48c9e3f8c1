#include "apps/gpt-train/overview.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "libgpt/cost/model_shape.hpp"

namespace gpt::train_tool {
namespace {

// 124439808 as 124,439,808.
std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return digits;
}

void append_rows(std::string& table, const char* part, const data::SampleSource* source) {
  if (source == nullptr) return;
  for (const data::DatasetShare& share : source->shares()) {
    char row[200];
    std::snprintf(row, sizeof row, "\n %-6s %8.4f %16s %14s %9.3f  ", part, share.weight,
                  grouped(share.tokens).c_str(), grouped(share.samples).c_str(), share.epochs);
    table += row + share.path;
  }
}

}  // namespace

std::string model_overview(const model::ModelConfig& config) {
  const cost::ModelShape& shape = config.shape;
  return " model: " + grouped(cost::parameter_count(shape)) + " parameters; " + std::to_string(shape.layers) +
         " layers, hidden size " + std::to_string(shape.hidden) + ", " + std::to_string(shape.heads) +
         " heads, " + std::to_string(shape.positions) + " positions, vocabulary " +
         std::to_string(shape.vocabulary);
}

std::string data_overview(const data::TrainingData& data) {
  std::string table = " data     weight           tokens        samples    epochs  dataset";
  append_rows(table, "train", data.train.get());
  append_rows(table, "valid", data.valid.get());
  append_rows(table, "test", data.test.get());
  return table;
}

std::string entropy_overview(const train::UnigramEntropy& entropy) {
  char line[160];
  std::snprintf(line, sizeof line,
                " unigram entropy of the training data: %.4f nats a token (perplexity %.1f)", entropy.nats,
                std::exp(entropy.nats));
  return line;
}

}  // namespace gpt::train_tool
