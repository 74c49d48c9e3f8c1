#include "libcommon/tokenizer/word_split.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace gpt::tokenizer;

namespace {

// The pieces with | between them.
template <class Rules>
std::string split(std::string_view text) {
  std::string joined;
  WordSplitter<Rules> splitter(text);
  while (!splitter.at_end()) joined += (joined.empty() ? "" : "|") + std::string(splitter.next());
  return joined;
}

}  // namespace

TEST_CASE("words take the sign before them, numbers come by three") {
  CHECK(split<Cl100kRules>("Hej då, (vän)!") == "Hej| då|,| (|vän|)!");
  CHECK(split<Cl100kRules>("x12345 67") == "x|123|45| |67");
  CHECK(split<Qwen2Rules>("x123") == "x|1|2|3");
  CHECK(split<Cl100kRules>("#tag\tb") == "#tag|\tb");
}

TEST_CASE("contractions of either case") {
  CHECK(split<Cl100kRules>("I'LL don't it'S o'clock") == "I|'LL| don|'t| it|'S| o|'clock");
  CHECK(split<Cl100kRules>("a'\xC5\xBF") == "a|'\xC5\xBF");
  CHECK(split<O200kRules>("I'LL don't") == "I'LL| don't");
}

TEST_CASE("line ends stand apart from the white space behind them") {
  CHECK(split<Cl100kRules>("a \n\n  b") == "a| \n\n| | b");
  CHECK(split<Cl100kRules>("a.\n\nb") == "a|.\n\n|b");
  CHECK(split<Cl100kRules>("a\n  ") == "a|\n|  ");
  CHECK(split<Cl100kToEndRules>("a\n  ") == "a|\n  ");
  CHECK(split<Cl100kToEndRules>("a\n  b") == "a|\n| | b");
  CHECK(split<Cl100kRules>("a   b ") == "a|  | b| ");
}

TEST_CASE("o200k begins a word at a capital behind a small letter") {
  CHECK(split<O200kRules>("HelloWorld HTTPServer iPhone") == "Hello|World| HTTPServer| i|Phone");
  CHECK(split<O200kRules>("ABC DEFg") == "ABC| DEFg");
  CHECK(split<O200kRules>("A\xCA\xB0"
                          "B") == "A\xCA\xB0|B");
  CHECK(split<O200kRules>("a/b\n/c") == "a|/b|\n|/c");
  CHECK(split<O200kRules>("x;//\n/y") == "x|;//\n/|y");
}
