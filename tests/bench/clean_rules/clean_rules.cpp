// How many bytes a second one thread puts through single rules of gpt-clean, each on the documents as they
// are.
//
//   bench_clean_rules CORPUS.jsonl ROUNDS 'RULE KEY=VALUE ...' ...
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "apps/gpt-clean/recipe.hpp"
#include "tests/bench/corpus_texts.hpp"

using namespace gpt;

namespace {

void measure(const std::string& line, const std::vector<std::string>& texts) {
  clean::Recipe recipe;
  recipe.append_or_throw(line, "bench");
  const clean::Rules rules = clean::make_rules_or_throw(recipe);
  unsigned long long found = 0;
  std::size_t bytes = 0;
  double seconds = 0;
  clean::WorkingDocument document;
  for (const std::string& text : texts) {
    document.begin(text);
    const auto start = std::chrono::steady_clock::now();
    found += rules.front()->apply(document).count;
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    bytes += text.size();
  }
  std::printf("%-32s %8.1f MB/s  %llu found\n", line.c_str(), static_cast<double>(bytes) / seconds / 1e6,
              found);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: bench_clean_rules CORPUS.jsonl ROUNDS RULE...\n");
    return 2;
  }
  const std::vector<std::string> texts = bench::corpus_texts_or_throw(argv[1]);
  for (int round = 0; round < std::atoi(argv[2]); ++round) {
    for (int i = 3; i < argc; ++i) measure(argv[i], texts);
  }
}
