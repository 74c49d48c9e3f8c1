// How many bytes a second one thread cuts into sentences: by the rules and by ICU in turn. The number of
// sentences and the hash of their ends tell whether two builds give the same boundaries.
//
//   bench_sentence_split LANGUAGE CORPUS.jsonl ROUNDS
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <xxhash.h>

#include "libcommon/text/sentences.hpp"
#include "tests/bench/corpus_texts.hpp"

using namespace gpt;

namespace {

void measure(const char* name, text::SentenceSplitter& splitter, const std::vector<std::string>& texts) {
  std::uint64_t sentences = 0;
  std::uint64_t hash = 0;
  std::uint64_t bytes = 0;
  const auto start = std::chrono::steady_clock::now();
  for (const std::string& text : texts) {
    bytes += text.size();
    for (const std::string_view sentence : splitter.split(text)) {
      const std::uint64_t span[2] = {static_cast<std::uint64_t>(sentence.data() - text.data()),
                                     sentence.size()};
      hash = XXH3_64bits_withSeed(span, sizeof span, hash);
      ++sentences;
    }
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("%-6s %7.1f MB/s  %llu sentences  %016llx\n", name, static_cast<double>(bytes) / seconds / 1e6,
              static_cast<unsigned long long>(sentences), static_cast<unsigned long long>(hash));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: bench_sentence_split LANGUAGE CORPUS.jsonl ROUNDS\n");
    return 2;
  }
  const std::vector<std::string> texts = bench::corpus_texts_or_throw(argv[2]);
  text::SentenceSplitter rules(argv[1]);
  text::SentenceSplitter icu(text::SentenceMode::icu, argv[1]);
  for (int round = 0; round < std::atoi(argv[3]); ++round) {
    measure("rules", rules, texts);
    measure("ICU", icu, texts);
  }
}
