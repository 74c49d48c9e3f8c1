// How well and how fast the languages of single sentences are told apart.
//
//   bench_language SENTENCES.jsonl [THREADS [ROUNDS]]
//
// Each line of the input is an object with "lang" and "text". Printed are a line
// `gold<TAB>found<TAB>count` for each pair that occurs, `confidence<TAB>from<TAB>count<TAB>right<TAB>mean`
// for each tenth of confidence, `words<TAB>at most<TAB>count<TAB>right` for lengths of sentences, and
// `sentences_per_second<TAB>number`, the best of the rounds. With GPT_SHOW_LANGUAGE_ERRORS set, each wrong
// sentence goes to stderr.
#include "libcommon/text/language.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <map>
#include <sstream>
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
  text::IdentifiedLanguage found;

  bool is_right() const { return found.code == language; }
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
        sentences[i].found = identifier.identify(sentences[i].text);
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

struct Bin {
  std::size_t count = 0;
  std::size_t right = 0;
  double confidence = 0;

  void add(const Sentence& sentence) {
    ++count;
    right += sentence.is_right() ? 1 : 0;
    confidence += sentence.found.confidence;
  }
};

// Sentences in which nothing was identified have no confidence to be judged by.
void print_reliability(const std::vector<Sentence>& sentences) {
  std::array<Bin, 10> bins;
  for (const Sentence& sentence : sentences) {
    if (sentence.found.code == "und") continue;
    bins[std::min<std::size_t>(9, static_cast<std::size_t>(sentence.found.confidence * 10))].add(sentence);
  }
  for (std::size_t i = 0; i < bins.size(); ++i) {
    std::printf("confidence\t%.1f\t%zu\t%zu\t%.4f\n", static_cast<double>(i) / 10, bins[i].count,
                bins[i].right, bins[i].confidence / std::max(1.0, static_cast<double>(bins[i].count)));
  }
}

std::size_t words_in(const std::string& text) {
  std::istringstream words(text);
  return static_cast<std::size_t>(std::distance(std::istream_iterator<std::string>(words), {}));
}

void print_lengths(const std::vector<Sentence>& sentences) {
  std::map<std::size_t, Bin> bins = {{3, {}}, {6, {}}, {10, {}}, {20, {}}, {std::string::npos, {}}};
  for (const Sentence& sentence : sentences) bins.lower_bound(words_in(sentence.text))->second.add(sentence);
  for (const auto& [most, bin] : bins) {
    const std::string name = most == std::string::npos ? "more" : std::to_string(most);
    std::printf("words\t%s\t%zu\t%zu\n", name.c_str(), bin.count, bin.right);
  }
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
    ++counts[{sentence.language, sentence.found.code}];
    if (show && !sentence.is_right()) {
      std::fprintf(stderr, "%s\t%s\t%s\n", sentence.language.c_str(), sentence.found.code.c_str(),
                   sentence.text.c_str());
    }
  }
  for (const auto& [pair, count] : counts)
    std::printf("%s\t%s\t%d\n", pair.first.c_str(), pair.second.c_str(), count);
  print_reliability(sentences);
  print_lengths(sentences);
  std::printf("sentences_per_second\t%.0f\n", static_cast<double>(sentences.size()) / best);
  return 0;
}
