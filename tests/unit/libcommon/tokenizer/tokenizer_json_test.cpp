// tokenizer.json files, and what Hugging Face tokenizers makes of texts by them (tests/data/README.md).
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <simdjson.h>

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/text/normalize.hpp"
#include "libcommon/tokenizer/bpe_tables.hpp"
#include "libcommon/tokenizer/encoder.hpp"

using namespace gpt;
using namespace gpt::tokenizer;

namespace {

const std::string kGolden = GPT_SOURCE_DIR "/tests/data/golden/tokenizers/";

std::vector<TokenId> ids_of(const simdjson::dom::element& list) {
  std::vector<TokenId> ids;
  for (const std::int64_t id : list.get_array()) ids.push_back(static_cast<TokenId>(id));
  return ids;
}

// A tokenizer.json of a few tokens, with one of its parts replaced.
std::string small_file(const std::string& part = "", const std::string& by = "") {
  std::string json =
      R"({"added_tokens":[{"id":4,"content":"<e>","special":true}],"normalizer":null,)"
      R"("pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"use_regex":true},)"
      R"("model":{"type":"BPE","dropout":null,"vocab":{"a":0,"b":1,"ab":2,"c":3},"merges":["a b"]}})";
  const std::size_t at = json.find(part);
  REQUIRE(at != std::string::npos);
  return json.replace(at, part.size(), by);
}

ByteLevelBpe parse(const std::string& json) {
  return ByteLevelBpe::parse_tokenizer_json_or_throw("t.json", json);
}

void check_refused(const std::string& part, const std::string& by, const char* reason) {
  CAPTURE(reason);
  CHECK_THROWS_WITH_AS(parse(small_file(part, by)), doctest::Contains(reason), io::DataError);
}

}  // namespace

TEST_CASE("every split pattern gives the ids of Hugging Face tokenizers") {
  for (const std::string name : {"gpt2", "cl100k", "llama3", "qwen2", "o200k"}) {
    const auto bpe = ByteLevelBpe::load_tokenizer_json_or_throw(kGolden + name + ".json");
    Encoder encoder(bpe);
    Encoder with_special(bpe, PrefixSpace::keep, SpecialTokens::are_recognized);
    simdjson::dom::parser parser;
    const simdjson::dom::array cases = parser.load(kGolden + name + "_encodings.json").get_array();
    std::size_t compared = 0;
    for (const auto reference : cases) {
      const std::string_view text = reference["text"];
      CAPTURE(name);
      CAPTURE(text);
      const auto ids = encoder.encode_or_throw(text);
      CHECK(ids == ids_of(reference["ids"]));
      CHECK(with_special.encode_or_throw(text) == ids_of(reference["ids_with_special"]));
      CHECK(bpe.decode_or_throw(ids) == (name == "qwen2" ? text::normalize(text) : std::string(text)));
      ++compared;
    }
    CHECK(compared > 100);
  }
}

TEST_CASE("the patterns are known by their expressions, and do cut differently") {
  const auto pattern_of = [](const std::string& name) {
    return ByteLevelBpe::load_tokenizer_json_or_throw(kGolden + name + ".json").tables().split;
  };
  CHECK(pattern_of("gpt2") == SplitPattern::gpt2);
  CHECK(pattern_of("cl100k") == SplitPattern::cl100k);
  CHECK(pattern_of("llama3") == SplitPattern::cl100k);
  CHECK(pattern_of("qwen2") == SplitPattern::qwen2);
  CHECK(pattern_of("o200k") == SplitPattern::o200k);
}

TEST_CASE("special tokens are text unless they are recognised") {
  const auto bpe = parse(small_file());
  CHECK(bpe.vocabulary_size() == 5);
  CHECK(bpe.token_id("<e>") == 4);
  Encoder plain(bpe);
  CHECK_THROWS_WITH(plain.encode_or_throw("ab<e>c"), doctest::Contains("0x3C has no token in t.json"));
  Encoder with_special(bpe, PrefixSpace::keep, SpecialTokens::are_recognized);
  CHECK(with_special.encode_or_throw("ab<e>c") == std::vector<TokenId>{2, 4, 3});
  CHECK(bpe.decode_or_throw(std::vector<TokenId>{2, 4, 3}) == "ab<e>c");
}

TEST_CASE("merges may be pairs, white space may go with added tokens") {
  const auto bpe = parse(small_file(R"(["a b"])", R"([["a","b"]])"));
  CHECK(Encoder(bpe).encode_or_throw("ab") == std::vector<TokenId>{2});
  const auto greedy =
      parse(small_file(R"("special":true)", R"("special":false,"lstrip":true,"rstrip":true)"));
  CHECK(Encoder(greedy).encode_or_throw("ab \n <e>  c") == std::vector<TokenId>{2, 4, 3});
}

TEST_CASE("what is not supported is refused by name") {
  check_refused(
      R"("type":"ByteLevel","add_prefix_space":false,"use_regex":true)",
      R"("type":"Split","pattern":{"Regex":"\\d+|x"},"behavior":"Isolated")",
      R"(its split pattern is "\\d+|x", but only these are supported: GPT-2; cl100k, Llama-3; o200k)");
  check_refused(R"("ByteLevel")", R"("Metaspace")", R"(its pre_tokenizer is "Metaspace")");
  check_refused(R"("use_regex":true)", R"("use_regex":false)", "names no split pattern");
  check_refused(R"("normalizer":null)", R"("normalizer":{"type":"Lowercase"})",
                R"(normalizer is "Lowercase")");
  check_refused(R"("BPE")", R"("Unigram")", R"(its model is "Unigram")");
  check_refused(R"("BPE")", R"("WordPiece")", "pass its vocab.txt");
  check_refused(R"("dropout":null)", R"("dropout":0.1)", "drops merges at random");
  check_refused(R"("dropout":null)", R"("byte_fallback":true)", "is not byte-level");
  check_refused(R"("dropout":null)", R"("end_of_word_suffix":"</w>")", R"(end_of_word_suffix "</w>")");
}

TEST_CASE("damaged files are refused with what is wrong") {
  CHECK_THROWS_WITH_AS(parse("{"), doctest::Contains("t.json: not JSON"), io::DataError);
  CHECK_THROWS_WITH_AS(parse("[]"), doctest::Contains("is no JSON object"), io::DataError);
  CHECK_THROWS_WITH_AS(parse("{}"), doctest::Contains("has no \"model\""), io::DataError);
  check_refused(R"("c":3)", R"("c":2)", "is given to both");
  check_refused(R"("c":3)", R"("c":-3)", "is no whole number");
  check_refused(R"("c":3)", R"("c":99999999999)", "the id of token \"c\" is 99999999999");
  check_refused(R"(["a b"])", R"(["a x"])", R"("ax", which is not in its vocabulary)");
  check_refused(R"(["a b"])", R"(["ab"])", "merge 0 is not two tokens");
  check_refused(R"(["a b"])", R"(["a b","a b"])", "merge 1 is there twice");
  check_refused(R"("id":4)", R"("id":2)", "is given to both");
}

TEST_CASE("documents end with the special token that is there") {
  CHECK(parse(small_file("<e>", "<|endoftext|>")).end_of_document_id_or_throw() == 4);
  CHECK(parse(small_file("<e>", "<|end_of_text|>")).end_of_document_id_or_throw() == 4);
  CHECK_THROWS_WITH_AS(parse(small_file()).end_of_document_id_or_throw(), doctest::Contains("t.json"),
                       io::DataError);
}
