#include "libgpt/data/micro_batches.hpp"

#include <vector>

#include <doctest/doctest.h>

namespace gpt::data {
namespace {

// Sample i is i, i, i.
class Counting : public SampleSource {
 public:
  explicit Counting(std::int64_t size) : size_(size) {}
  std::int64_t size() const override { return size_; }
  std::int64_t sequence_length() const override { return 2; }
  void read(std::int64_t i, std::span<std::int32_t> tokens) const override {
    for (auto& token : tokens) token = static_cast<std::int32_t>(i);
  }
  std::vector<DatasetShare> shares() const override { return {}; }

 private:
  std::int64_t size_;
};

TEST_CASE("ranks take their slice of each block, and go on from what was consumed") {
  const Counting source(23);
  MicroBatches first(source, {.micro_batch_size = 2, .data_rank = 0, .data_ranks = 3}, 0);
  MicroBatches last(source, {.micro_batch_size = 2, .data_rank = 2, .data_ranks = 3}, 6);
  CHECK(first.next() == 0);
  CHECK(first.next() == 6);
  CHECK(first.consumed_samples() == 12);
  std::vector<std::int32_t> tokens(6);
  CHECK(last.next(tokens) == 10);
  CHECK(tokens == std::vector<std::int32_t>{10, 10, 10, 11, 11, 11});
  CHECK(last.next() == 16);
  CHECK_FALSE(last.next().has_value());  // 5 are left, 6 are needed
  CHECK(last.consumed_samples() == 18);
}

}  // namespace
}  // namespace gpt::data
