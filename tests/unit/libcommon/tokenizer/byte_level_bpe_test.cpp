#include "libcommon/tokenizer/byte_level_bpe.hpp"

#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "libcommon/io/errors.hpp"

using namespace gpt;
using namespace gpt::tokenizer;

namespace {

constexpr std::string_view kVocabulary =
    R"({"<|endoftext|>":0,"a":1,"b":2,"c":3,"Ġ":4,"ab":5,"abc":6,"[two words]":7})";
constexpr std::string_view kMerges = "#version: 0.2\na b\nab c\n";

ByteLevelBpe small() { return ByteLevelBpe::parse_or_throw("v.json", kVocabulary, "m.txt", kMerges); }

std::string load_error(std::string_view vocabulary, std::string_view merges) {
  try {
    ByteLevelBpe::parse_or_throw("v.json", vocabulary, "m.txt", merges);
  } catch (const io::DataError& error) {
    return error.what();
  }
  return "";
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a vocabulary answers by token and by id") {
  const ByteLevelBpe bpe = small();
  CHECK(bpe.vocabulary_size() == 8);
  CHECK(bpe.merge_count() == 2);
  CHECK(bpe.token_id("abc") == 6);
  CHECK_FALSE(bpe.token_id("zz").has_value());
  CHECK(bpe.token(4) == "Ġ");
  CHECK(bpe.token_bytes(4) == " ");
  CHECK(bpe.token_bytes(7) == "[two words]");
  CHECK(bpe.end_of_document_id_or_throw() == 0);
}

TEST_CASE("decoding joins bytes and refuses ids outside") {
  const ByteLevelBpe bpe = small();
  CHECK(bpe.decode_or_throw(std::vector<TokenId>{6, 4, 1, 0}) == "abc a<|endoftext|>");
  CHECK_THROWS_AS(bpe.decode_or_throw(std::vector<TokenId>{8}), std::out_of_range);
}

TEST_CASE("a vocabulary without an end-of-document token says so") {
  const auto bpe = ByteLevelBpe::parse_or_throw("v.json", R"({"a":0})", "m.txt", "");
  CHECK_THROWS_WITH_AS(bpe.end_of_document_id_or_throw(),
                       doctest::Contains("v.json: has no token <|endoftext|>"), io::DataError);
}

TEST_CASE("merges and vocabulary that do not fit each other") {
  CHECK(contains(load_error(R"({"a":0,"b":1})", "a b\n"),
                 "m.txt:1: the result of the merge \"a b\" is not among the 2 tokens of v.json"));
  CHECK(contains(load_error(R"({"a":0,"b":1})", "x b\n"), "the left part"));
  CHECK(contains(load_error(R"({"a":0,"b":1})", "a x\n"), "the right part"));
  CHECK(contains(load_error(kVocabulary, "a b\na b\n"), "m.txt:2: the merge \"a b\" is there twice"));
}

TEST_CASE("merges cut at a line end are noticed") {
  CHECK(contains(load_error(kVocabulary, "#version: 0.2\na b\n"),
                 "1 merges end with token 5 \"ab\", but v.json has \"abc\""));
  CHECK(contains(load_error(kVocabulary, "#version: 0.2\n"), "it has no merges, but v.json has \"ab\""));
}

TEST_CASE("missing files are named") {
  CHECK_THROWS_WITH_AS(ByteLevelBpe::load_or_throw("/nowhere/vocab.json", "/nowhere/merges.txt"),
                       doctest::Contains("/nowhere/vocab.json"), io::IoError);
}
