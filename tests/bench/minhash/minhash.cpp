// How many MB of text a processor second are signed: character 5-grams, 100 seeds, one thread, texts in
// memory.
//
//   bench_minhash DOCUMENTS.jsonl [BYTES]
//
// Prints MB/s. BYTES: stop after that much text.
#include "apps/gpt-dedup/near/minhash.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "libcommon/io/document.hpp"
#include "libcommon/io/line_reader.hpp"

using namespace gpt;

namespace {

std::vector<std::string> texts_of(const char* path, std::size_t limit) {
  io::LineReader reader(io::open_input_or_throw(path));
  io::DocumentParser parser;
  std::vector<std::string> texts;
  std::size_t bytes = 0;
  while (const auto line = reader.next_or_throw()) {
    texts.push_back(parser.parse_or_throw(*line, path, reader.line_number()).text);
    bytes += texts.back().size();
    if (bytes >= limit) break;
  }
  return texts;
}

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: bench_minhash DOCUMENTS.jsonl [BYTES]\n", stderr);
    return 2;
  }
  const auto texts = texts_of(argv[1], argc > 2 ? std::strtoull(argv[2], nullptr, 10) : ~std::size_t{0});
  dedup::Shingler shingler({});
  dedup::MinHasher hasher(100, 1234);
  std::vector<std::uint32_t> signature(100);
  std::size_t bytes = 0;
  std::uint64_t sum = 0;  // so that nothing is left out
  const double started = processor_seconds();
  for (const std::string& text : texts) {
    hasher.sign(shingler, text, signature);
    bytes += text.size();
    sum += signature[99];
  }
  const double seconds = processor_seconds() - started;
  std::fprintf(stderr, "%zu documents, check %llu\n", texts.size(), static_cast<unsigned long long>(sum));
  std::printf("%.1f\n", static_cast<double>(bytes) / 1e6 / seconds);
}
