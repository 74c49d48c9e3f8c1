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

#include "libcommon/io/document.hpp"
#include "libcommon/io/line_reader.hpp"
#include "libcommon/text/sentences.hpp"

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
  const std::vector<std::string> texts = texts_of(argv[2]);
  text::SentenceSplitter rules(argv[1]);
  text::SentenceSplitter icu(text::SentenceMode::icu, argv[1]);
  for (int round = 0; round < std::atoi(argv[3]); ++round) {
    measure("rules", rules, texts);
    measure("ICU", icu, texts);
  }
}
