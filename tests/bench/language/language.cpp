// How well and how fast the languages of single sentences are told apart.
//
//   bench_language SENTENCES.jsonl [THREADS [ROUNDS]]
//
// Each line of the input is an object with "lang" and "text". Printed are a line
// `gold<TAB>found<TAB>count` for each pair that occurs, then `sentences_per_second<TAB>number`, the best of
// the rounds. With GPT_SHOW_LANGUAGE_ERRORS set, each wrong sentence goes to stderr.
#include "libcommon/text/language.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <simdjson.h>

#include "libcommon/io/line_reader.hpp"

using namespace gpt;

namespace {

struct Sentence {
  std::string language;
  std::string text;
  std::string found;
};

std::vector<Sentence> read_sentences(const char* path) {
  std::vector<Sentence> sentences;
  io::LineReader reader(io::open_input_or_throw(path));
  simdjson::dom::parser parser;
  while (const auto line = reader.next_or_throw()) {
    const simdjson::dom::element record = parser.parse(line->data(), line->size());
    sentences.push_back({std::string(record["lang"].get_string().value()),
                         std::string(record["text"].get_string().value()),
                         {}});
  }
  return sentences;
}

double seconds_to_identify(std::vector<Sentence>& sentences, std::size_t threads) {
  const text::LanguageIdentifier identifier;
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::thread> workers;
  for (std::size_t worker = 0; worker < threads; ++worker) {
    workers.emplace_back([&, worker] {
      for (std::size_t i = worker; i < sentences.size(); i += threads) {
        sentences[i].found = identifier.identify(sentences[i].text).code;
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_language SENTENCES.jsonl [THREADS [ROUNDS]]\n");
    return 2;
  }
  std::vector<Sentence> sentences = read_sentences(argv[1]);
  const std::size_t threads = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 2;
  const int rounds = argc > 3 ? std::atoi(argv[3]) : 5;
  double best = 1e9;
  for (int round = 0; round < rounds; ++round) {
    best = std::min(best, seconds_to_identify(sentences, threads));
  }
  const bool show = std::getenv("GPT_SHOW_LANGUAGE_ERRORS") != nullptr;
  std::map<std::pair<std::string, std::string>, int> counts;
  for (const Sentence& sentence : sentences) {
    ++counts[{sentence.language, sentence.found}];
    if (show && sentence.found != sentence.language) {
      std::fprintf(stderr, "%s\t%s\t%s\n", sentence.language.c_str(), sentence.found.c_str(),
                   sentence.text.c_str());
    }
  }
  for (const auto& [pair, count] : counts)
    std::printf("%s\t%s\t%d\n", pair.first.c_str(), pair.second.c_str(), count);
  std::printf("sentences_per_second\t%.0f\n", static_cast<double>(sentences.size()) / best);
  return 0;
}
