#include "libcommon/tokenizer/wordpiece.hpp"

#include <cstdlib>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <simdjson.h>

#include "libcommon/io/errors.hpp"

using namespace gpt;
using namespace gpt::tokenizer;

namespace {

using Ids = std::vector<TokenId>;

void check_encodings(const std::string& vocabulary, const std::string& encodings, LetterCase letter_case) {
  WordPieceEncoder encoder(WordPiece::load_or_throw(vocabulary, letter_case));
  simdjson::dom::parser parser;
  const simdjson::dom::array cases = parser.load(encodings).get_array();
  std::size_t compared = 0;
  for (const auto reference : cases) {
    const std::string_view text = reference["text"];
    CAPTURE(text);
    Ids wanted;
    for (const std::int64_t id : reference["ids"].get_array()) wanted.push_back(static_cast<TokenId>(id));
    CHECK(encoder.encode(text) == wanted);
    ++compared;
  }
  CHECK(compared > 50);
}

Ids encode(std::string_view text, LetterCase letter_case = LetterCase::lowered, std::size_t longest = 8) {
  // [UNK] 0, un 1, ##able 2, ##e 3, able 4, , 5, e 6, 中 7, E 8, é 9
  const auto vocabulary = WordPiece::parse_or_throw("v.txt", "[UNK]\nun\n##able\n##e\nable\n,\ne\n中\r\nE\né",
                                                    letter_case, longest);
  CHECK(vocabulary.vocabulary_size() == 10);
  return WordPieceEncoder(vocabulary).encode(text);
}

}  // namespace

TEST_CASE("our own texts have the ids of BertWordPieceTokenizer") {
  const std::string golden = GPT_SOURCE_DIR "/tests/data/golden/tokenizers/wordpiece_";
  check_encodings(golden + "lower.txt", golden + "lower_encodings.json", LetterCase::lowered);
  check_encodings(golden + "cased.txt", golden + "cased_encodings.json", LetterCase::kept);
}

TEST_CASE("treebank texts have the ids of BertWordPieceTokenizer") {
  const char* folder = std::getenv("GPT_TEST_DATA");
  if (folder == nullptr) {
    MESSAGE("SKIPPED: GPT_TEST_DATA is unset, so WordPiece is not compared on the larger reference data");
    return;
  }
  const std::string golden = std::string(folder) + "/golden/wordpiece";
  check_encodings(golden + "-vocab.txt", golden + "_lower_encodings.json", LetterCase::lowered);
  check_encodings(golden + "-vocab.txt", golden + "_cased_encodings.json", LetterCase::kept);
}

TEST_CASE("the longest token first, [UNK] for a word that cannot be made") {
  CHECK(encode("unable") == Ids{1, 2});
  CHECK(encode("able unable, une") == Ids{4, 1, 2, 5, 1, 3});
  CHECK(encode("unx able") == Ids{0, 4});
  CHECK(encode("unableee") == Ids{1, 2, 3, 3});
  CHECK(encode("unableeee") == Ids{0});  // of more than eight characters
}

TEST_CASE("signs and Chinese characters stand alone; controls go") {
  CHECK(encode("un,able") == Ids{1, 5, 4});
  CHECK(encode("un中able") == Ids{1, 7, 4});
  CHECK(encode("u\x01n\xEF\xBF\xBD\xC2\xA0"
               "able\t\n") == Ids{1, 4});
  CHECK(encode("un\xFF") == Ids{1});
  CHECK(encode(" \n").empty());
}

TEST_CASE("capitals and accents go, or stay") {
  CHECK(encode("E É e\xCC\x81") == Ids{6, 6, 6});
  CHECK(encode("E é É", LetterCase::kept) == Ids{8, 9, 0});
}

TEST_CASE("a WordPiece vocabulary names its faults") {
  CHECK_THROWS_WITH_AS(WordPiece::parse_or_throw("v.txt", "a\nb\n", LetterCase::lowered),
                       doctest::Contains("v.txt: has no line [UNK] among its 2 tokens"), io::DataError);
  const auto plain = WordPiece::parse_or_throw("v.txt", "[UNK]\na\n##b\n", LetterCase::lowered);
  CHECK_THROWS_WITH_AS(plain.end_of_document_id_or_throw(), doctest::Contains("no token [EOD]"),
                       io::DataError);
  CHECK(plain.decode_or_throw(Ids{1, 2, 0}) == "ab [UNK]");
  CHECK_THROWS_AS(plain.decode_or_throw(Ids{3}), std::out_of_range);
  CHECK(
      WordPiece::parse_or_throw("v.txt", "[UNK]\n[EOS]\n", LetterCase::kept).end_of_document_id_or_throw() ==
      1);
}
