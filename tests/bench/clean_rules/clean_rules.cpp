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
#include "libcommon/io/document.hpp"
#include "libcommon/io/line_reader.hpp"

using namespace gpt;

namespace {

std::vector<std::string> texts_of(const char* path) {
  io::LineReader reader(io::open_input_or_throw(path));
  io::DocumentParser parser("text");
  std::vector<std::string> texts;
  while (const auto line = reader.next_or_throw())
    texts.push_back(parser.parse_or_throw(*line, path, texts.size() + 1).text);
  return texts;
}

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
  const std::vector<std::string> texts = texts_of(argv[1]);
  for (int round = 0; round < std::atoi(argv[2]); ++round) {
    for (int i = 3; i < argc; ++i) measure(argv[i], texts);
  }
}
