#include <cmath>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

#include "libgpt/optim/adamw.hpp"
#include "libgpt/optim/counted_once.hpp"
#include "libgpt/optim/gradient_buckets.hpp"
#include "libgpt/optim/gradient_norm.hpp"
#include "tests/support/thread_communicator.hpp"

using namespace gpt;
using optim::Bucket;
using optim::BucketPlan;
using optim::DataPlace;
using optim::ElementRange;
using optim::ElementRanges;

namespace {

cost::ModelShape tiny_shape() {
  cost::ModelShape shape;
  shape.layers = 4;
  shape.hidden = 24;
  shape.heads = 4;
  shape.positions = 7;
  shape.vocabulary = 37;
  return shape;
}

DataPlace sharded(std::int64_t rank, std::int64_t size) {
  return {rank, size, cost::OptimizerStates::sharded};
}

void count_elements(const ElementRanges& ranges, std::vector<int>& counts) {
  for (const auto& range : ranges) {
    for (std::size_t i = range.begin; i < range.end; ++i) ++counts[i];
  }
}

// Gradients of one rank: small whole numbers, whose sums are exact.
std::vector<float> gradients_of(std::size_t size, int rank) {
  std::vector<float> values(size);
  for (std::size_t i = 0; i < size; ++i)
    values[i] = static_cast<float>((i * 7 + static_cast<std::size_t>(rank) * 13) % 101);
  return values;
}

}  // namespace

TEST_CASE("buckets cover the buffer, and the ranks' shares each element once") {
  const model::ParameterLayout layout(tiny_shape());
  for (const std::int64_t size : {1, 2, 3, 4, 8}) {
    for (const auto states : {cost::OptimizerStates::whole, cost::OptimizerStates::sharded}) {
      for (const std::size_t elements : {100, 1000, 1 << 22}) {
        std::vector<int> shared(layout.buffer_size()), updated(layout.buffer_size());
        for (std::int64_t rank = 0; rank < size; ++rank) {
          const BucketPlan plan(layout, {rank, size, states}, elements);
          std::size_t end = 0;
          for (const Bucket& bucket : plan.buckets()) {
            CHECK(bucket.range.begin == end);
            end = bucket.range.end;
            if (bucket.sum == Bucket::Sum::by_shards)
              CHECK(plan.shard(bucket).count() * static_cast<std::size_t>(size) == bucket.range.count());
          }
          CHECK(end == layout.buffer_size());
          count_elements(plan.share(), shared);
          count_elements(plan.updated(), updated);
        }
        const auto once = std::count(shared.begin(), shared.end(), 1);
        CHECK(once == static_cast<std::ptrdiff_t>(shared.size()));
        if (states == cost::OptimizerStates::whole || size == 1) {
          CHECK(std::count(updated.begin(), updated.end(), size) == once);
        } else {
          // Two regions, each with fewer than 16 elements a rank that all update.
          CHECK(std::count(updated.begin(), updated.end(), 1) > once - 2 * 16 * size);
          CHECK(std::count(updated.begin(), updated.end(), 0) == 0);
        }
      }
    }
  }
}

TEST_CASE("first and last stage cut the embedding they share alike") {
  cost::Layout layout;
  layout.pipeline = 2;
  const model::ParameterLayout first(tiny_shape(), model::model_part(tiny_shape(), layout, {0, 0, 0}));
  const model::ParameterLayout last(tiny_shape(), model::model_part(tiny_shape(), layout, {0, 0, 1}));
  for (const std::int64_t size : {1, 2, 3, 4}) {
    const BucketPlan a(first, sharded(0, size), 200), b(last, sharded(0, size), 200);
    for (std::size_t i = 0; a.buckets()[i].range.begin < first.parameters()[1].offset; ++i) {
      CHECK(a.buckets()[i].range == b.buckets()[i].range);
      CHECK(a.buckets()[i].sum == b.buckets()[i].sum);
      CHECK(a.buckets()[i].range.end <= first.parameters()[1].offset);
    }
  }
}

TEST_CASE("gradients are summed over the group, whole or by shards, in whatever pieces they become final") {
  const model::ParameterLayout layout(tiny_shape());
  for (const int size : {1, 2, 3, 4}) {
    for (const auto states : {cost::OptimizerStates::whole, cost::OptimizerStates::sharded}) {
      test::run_ranks(size, [&](comm::Communicator& group) {
        const BucketPlan plan(layout, {group.rank(), size, states}, 500);
        std::vector<float> gradients;
        std::vector<float> expected(layout.buffer_size());
        for (int rank = 0; rank < size; ++rank) {
          gradients = gradients_of(layout.buffer_size(), rank);
          for (std::size_t i = 0; i < expected.size(); ++i) expected[i] += gradients[i];
        }
        gradients.resize(layout.buffer_size());
        optim::GradientBuckets<float> buckets(plan, group, gradients);
        for (int step = 0; step < 2; ++step) {
          const auto own = gradients_of(layout.buffer_size(), group.rank());
          std::copy(own.begin(), own.end(), gradients.begin());
          for (std::size_t end = layout.buffer_size(); end > 700; end -= 350) {
            buckets.mark_final({end - 350, end});
            buckets.progress();
          }
          buckets.finish();
          for (const auto& range : plan.updated()) {
            for (std::size_t i = range.begin; i < range.end; ++i) CHECK(gradients[i] == expected[i]);
          }
        }
      });
    }
  }
}

TEST_CASE("a sharded optimizer updates as a whole one, bit for bit, and gathers the weights") {
  const model::ParameterLayout layout(tiny_shape());
  const optim::AdamWConfig config{0.9, 0.95, 1e-8, 0.1};
  std::vector<float> start(layout.buffer_size());
  for (const auto& parameter : layout.parameters()) {
    for (std::size_t i = 0; i < parameter.count; ++i) {
      start[parameter.offset + i] = std::sin(static_cast<float>(parameter.offset + i));
    }
  }
  std::vector<float> expected = start;
  optim::AdamW<float> whole(layout, config);
  const auto gradient = [&](int step) {
    auto values = start;
    for (auto& value : values) value *= static_cast<float>(step + 1);
    return values;
  };
  for (int step = 0; step < 4; ++step) whole.step(1e-2, 0.5, gradient(step), expected);

  for (const int size : {2, 3}) {
    test::run_ranks(size, [&](comm::Communicator& group) {
      const BucketPlan plan(layout, sharded(group.rank(), size), 900);
      optim::AdamW<float> optimizer(layout, config, plan.updated());
      CHECK(optimizer.first_moments().size() == optim::count_of(plan.updated()));
      std::vector<float> weights = start;
      for (int step = 0; step < 4; ++step) {
        optimizer.step(1e-2, 0.5, gradient(step), weights);
        optim::gather_weights<float>(plan, group, weights);
      }
      CHECK(weights == expected);
      for (const auto& range : plan.share()) {
        const auto moments = whole.second_moments(range);
        CHECK(std::equal(moments.begin(), moments.end(), optimizer.second_moments(range).begin()));
      }
    });
  }
}

TEST_CASE("over all ranks of any layout each element of the model is counted once") {
  const auto shape = tiny_shape();
  const model::ParameterLayout all(shape);
  std::vector<float> ones(all.buffer_size());
  for (const auto& parameter : all.parameters()) {
    for (auto& value : model::tensor_of(std::span<float>(ones), parameter)) value = 1;
  }
  const auto squares = [](const optim::ElementRanges& ranges, std::span<const float> x) {
    double sum = 0;
    optim::add_sum_of_squares<float>(ranges, x, {&sum, 1});
    return sum;
  };
  const double expected = squares({{0, ones.size()}}, ones);
  for (const std::int64_t tensor : {1, 2, 4}) {
    for (const std::int64_t pipeline : {1, 2}) {
      for (const std::int64_t data : {1, 2, 3}) {
        cost::Layout layout;
        layout.tensor = tensor;
        layout.pipeline = pipeline;
        layout.data = data;
        double sum = 0;
        for (std::int64_t rank = 0; rank < layout.processes(); ++rank) {
          const auto place = cost::rank_place(layout, rank);
          const model::ParameterLayout part(shape, model::model_part(shape, layout, place));
          std::vector<float> values(part.buffer_size());
          for (const auto& parameter : part.parameters()) {
            for (auto& value : model::tensor_of(std::span<float>(values), parameter)) value = 1;
          }
          const BucketPlan plan(part, sharded(place.data, data), 600);
          sum += squares(optim::counted_once(part, plan.share()), values);
        }
        CHECK(sum == expected);
      }
    }
  }
}

TEST_CASE("a tensor with an element that is no number is found from either end") {
  const model::ParameterLayout layout(tiny_shape());
  std::vector<float> values(layout.buffer_size());
  const ElementRanges all = {{0, values.size()}};
  CHECK(optim::find_not_finite<float>(layout, all, values, optim::Search::from_front) == nullptr);
  const auto& low = layout.parameters()[5];
  const auto& high = layout.parameters()[20];
  values[low.offset + 3] = NAN;
  values[high.offset] = INFINITY;
  CHECK(optim::find_not_finite<float>(layout, all, values, optim::Search::from_front) == &low);
  CHECK(optim::find_not_finite<float>(layout, all, values, optim::Search::from_back) == &high);
  CHECK(optim::find_not_finite<float>(layout, {{low.offset + 4, high.offset}}, values,
                                      optim::Search::from_front) == nullptr);
}
