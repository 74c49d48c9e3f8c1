// Languages of treebank sentences, one at a time: the hardest case, since documents are longer.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include <doctest/doctest.h>
#include <simdjson.h>

#include "libcommon/io/line_reader.hpp"
#include "libcommon/text/language.hpp"

using namespace gpt;

TEST_CASE("single sentences of seven languages are told apart") {
  const char* folder = std::getenv("GPT_TEST_DATA");
  if (folder == nullptr) {
    MESSAGE("SKIPPED: GPT_TEST_DATA is unset, so language identification is not scored");
    return;
  }
  const bool show = std::getenv("GPT_SHOW_LANGUAGE_ERRORS") != nullptr;
  const text::LanguageIdentifier identifier;
  io::LineReader reader(io::open_input_or_throw(std::string(folder) + "/ud/sentences.jsonl"));
  simdjson::dom::parser parser;
  std::map<std::string, std::pair<double, double>> right_of_all;
  while (const auto line = reader.next_or_throw()) {
    const simdjson::dom::element record = parser.parse(line->data(), line->size());
    const std::string gold(record["lang"].get_string().value());
    const std::string_view sentence = record["text"].get_string().value();
    const auto found = identifier.identify(sentence);
    const bool right = found.code == gold;
    right_of_all[gold].first += right ? 1 : 0;
    right_of_all[gold].second += 1;
    if (show && !right)
      std::printf("%s\t%s\t%s\n", gold.c_str(), found.code.c_str(), std::string(sentence).c_str());
  }
  double sum = 0;
  for (const auto& [language, counts] : right_of_all) {
    MESSAGE(language << ": " << counts.first / counts.second);
    sum += counts.first / counts.second;
  }
  const double macro = sum / static_cast<double>(right_of_all.size());
  MESSAGE("macro accuracy " << macro);
  CHECK(macro >= 0.95);
}
