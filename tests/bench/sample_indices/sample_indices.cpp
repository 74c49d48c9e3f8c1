// How many samples a minute are put in order: document, sample and shuffle index of a dataset of documents of
// 1 to 2000 tokens, built in memory; then stored as a cache and mapped from it.
//
//   bench_sample_indices DOCUMENTS SEQUENCE_LENGTH EPOCHS CACHE_FOLDER
#include "libgpt/data/sample_indices.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <random>
#include <vector>

#include "libgpt/data/index_cache.hpp"

using namespace gpt;

namespace {

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::vector<std::int32_t> random_lengths(std::size_t documents) {
  std::mt19937 random(1);
  std::uniform_int_distribution<std::int32_t> length(1, 2000);
  std::vector<std::int32_t> lengths(documents);
  for (auto& value : lengths) value = length(random);
  return lengths;
}

void report(const char* what, double seconds, std::int64_t samples) {
  std::printf("%s: %.2f s, %.0f million samples a minute\n", what, seconds,
              static_cast<double>(samples) / seconds * 60e-6);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: bench_sample_indices DOCUMENTS SEQUENCE_LENGTH EPOCHS CACHE_FOLDER\n");
    return 2;
  }
  const auto lengths = random_lengths(std::strtoull(argv[1], nullptr, 10));
  const auto tokens = std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0});
  data::SampleIndexRequest request;
  request.range = {0, std::ssize(lengths)};
  request.sequence_length = std::atoll(argv[2]);
  request.wanted = (std::atoll(argv[3]) * tokens - 1) / request.sequence_length;
  request.seed = 1234;

  double start = wall_seconds();
  const auto built = data::build_sample_indices_or_throw(lengths, request);
  const auto samples = built.plan.samples;
  std::printf("%zu documents, %lld tokens, %lld epochs, %lld samples\n", lengths.size(),
              static_cast<long long>(tokens), static_cast<long long>(built.plan.epochs),
              static_cast<long long>(samples));
  report("built in memory", wall_seconds() - start, samples);

  const data::IndexCache cache = {argv[4], "bench", data::Part::train};
  for (const char* what : {"built and stored", "mapped"}) {
    start = wall_seconds();
    data::load_or_build_sample_indices_or_throw(cache, lengths, request);
    report(what, wall_seconds() - start, samples);
  }
}
