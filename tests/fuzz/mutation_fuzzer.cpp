// Feeds damaged inputs to the readers of untrusted bytes. Deterministic: fuzz_readers [TARGET [ITERATIONS
// [SEED]]]. A finding is an input that is neither read nor refused as the reader's contract says; it is
// written to a file.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <string>

#include "tests/fuzz/mutation.hpp"
#include "tests/fuzz/targets.hpp"

namespace {

using gpt::fuzz::Target;

constexpr std::uint64_t kIterations = 20000;

// For a look at it afterwards.
void keep_input(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

bool run(const Target& target, std::uint64_t iterations, std::uint64_t seed) {
  gpt::fuzz::Mutator mutator(seed, target.samples, target.words);
  std::uint64_t accepted = 0;
  for (const auto& sample : target.samples) {
    if (!target.read(sample)) {
      std::printf("%s: a good sample was refused\n", target.name.c_str());
      return false;
    }
  }
  for (std::uint64_t i = 0; i < iterations; ++i) {
    const std::string input = mutator.next();
    try {
      accepted += target.read(input) ? 1 : 0;
    } catch (const std::exception& error) {
      const std::string path = "finding-" + target.name + "-" + std::to_string(i);
      keep_input(path, input);
      std::printf("%s: input %llu (in %s): %s\n", target.name.c_str(), static_cast<unsigned long long>(i),
                  path.c_str(), error.what());
      return false;
    }
  }
  std::printf("%s: %llu inputs, %llu accepted\n", target.name.c_str(),
              static_cast<unsigned long long>(iterations), static_cast<unsigned long long>(accepted));
  return accepted > 0 && accepted < iterations;  // else the inputs test nothing
}

}  // namespace

int main(int argc, char** argv) {
  const std::string only = argc > 1 ? argv[1] : "";
  const std::uint64_t iterations = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : kIterations;
  const std::uint64_t seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 20240229;
  bool good = true;
  bool found = false;
  for (const auto& target : gpt::fuzz::all_targets()) {
    if (!only.empty() && target.name != only) continue;
    found = true;
    good = run(target, iterations, seed) && good;
  }
  if (!found) std::printf("no target '%s'\n", only.c_str());
  return good && found ? 0 : 1;
}
