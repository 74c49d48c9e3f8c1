// Sentence boundaries against the gold sentences of treebank paragraphs, beside plain ICU.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <simdjson.h>

#include "libcommon/io/line_reader.hpp"
#include "libcommon/text/sentences.hpp"

using namespace gpt;

namespace {

struct Paragraph {
  std::string language;
  std::string text;
  std::vector<std::string> sentences;
};

std::vector<Paragraph> read_paragraphs(const std::string& path) {
  io::LineReader reader(io::open_input_or_throw(path));
  simdjson::dom::parser parser;
  std::vector<Paragraph> paragraphs;
  while (const auto line = reader.next_or_throw()) {
    const simdjson::dom::element record = parser.parse(line->data(), line->size());
    Paragraph paragraph;
    paragraph.language = std::string(record["lang"].get_string().value());
    paragraph.text = std::string(record["text"].get_string().value());
    for (const auto sentence : record["sentences"].get_array()) {
      paragraph.sentences.emplace_back(sentence.get_string().value());
    }
    paragraphs.push_back(std::move(paragraph));
  }
  return paragraphs;
}

using Span = std::pair<std::size_t, std::size_t>;

std::vector<Span> gold_spans(const Paragraph& paragraph) {
  std::vector<Span> spans;
  std::size_t at = 0;
  for (const auto& sentence : paragraph.sentences) {
    at = paragraph.text.find(sentence, at);
    REQUIRE(at != std::string::npos);
    spans.emplace_back(at, at + sentence.size());
    at += sentence.size();
  }
  return spans;
}

struct Score {
  double gold = 0, found = 0, right = 0;
  double f1() const { return 2 * right / (gold + found); }
};

std::map<std::string, Score> score(const std::vector<Paragraph>& paragraphs, bool by_rules) {
  std::map<std::string, text::SentenceSplitter> splitters;
  std::map<std::string, Score> scores;
  const bool show = std::getenv("GPT_SHOW_SENTENCE_ERRORS") != nullptr && by_rules;
  for (const auto& paragraph : paragraphs) {
    const auto& language = paragraph.language;
    if (!splitters.contains(language)) {
      auto prefixes = by_rules ? text::find_prefix_list(language) : std::nullopt;
      REQUIRE(prefixes.has_value() == by_rules);
      splitters.emplace(language,
                        text::SentenceSplitter(language, text::Newlines::are_spaces, std::move(prefixes)));
    }
    const auto gold = gold_spans(paragraph);
    Score& sum = scores[language];
    sum.gold += static_cast<double>(gold.size());
    for (const auto sentence : splitters.at(language).split(paragraph.text)) {
      const auto begin = static_cast<std::size_t>(sentence.data() - paragraph.text.data());
      const Span span(begin, begin + sentence.size());
      const bool right = std::binary_search(gold.begin(), gold.end(), span);
      sum.found += 1;
      sum.right += right ? 1 : 0;
      if (show && !right) std::printf("%s\t%s\n", language.c_str(), std::string(sentence).c_str());
    }
  }
  return scores;
}

}  // namespace

TEST_CASE("sentence boundaries beat plain ICU on treebank paragraphs") {
  const char* folder = std::getenv("GPT_TEST_DATA");
  if (folder == nullptr) {
    MESSAGE("SKIPPED: GPT_TEST_DATA is unset, so sentence boundaries are not scored");
    return;
  }
  const auto paragraphs = read_paragraphs(std::string(folder) + "/ud/paragraphs.jsonl");
  const auto rules = score(paragraphs, true);
  const auto icu = score(paragraphs, false);
  for (const auto& [language, result] : rules) {
    MESSAGE(language << ": exact-span F1 " << result.f1() << ", plain ICU " << icu.at(language).f1());
    CHECK(result.f1() > icu.at(language).f1());
  }
}
