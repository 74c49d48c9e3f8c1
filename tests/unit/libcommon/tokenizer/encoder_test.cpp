#include "libcommon/tokenizer/encoder.hpp"

#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <simdjson.h>

#include "libcommon/tokenizer/bpe_tables.hpp"
#include "libcommon/tokenizer/gpt2_split.hpp"

using namespace gpt::tokenizer;

namespace {

const std::string kFolder = GPT_SOURCE_DIR "/tests/data/bpe/";

ByteLevelBpe plain() {
  return ByteLevelBpe::load_or_throw(kFolder + "plain-vocab.json", kFolder + "plain-merges.txt");
}

// Encodes the texts of a reference file ([{"text", "ids", "pieces"}...]) and compares.
void check_reference(const ByteLevelBpe& bpe, const std::string& path) {
  simdjson::dom::parser parser;
  const simdjson::dom::array cases = parser.load(path).get_array();
  REQUIRE(cases.size() > 0);
  Encoder encoder(bpe);
  for (const auto& reference : cases) {
    const std::string text{std::string_view(reference["text"])};
    std::vector<TokenId> expected;
    for (const auto id : reference["ids"].get_array())
      expected.push_back(static_cast<TokenId>(std::uint64_t(id)));
    CAPTURE(text);
    CHECK(encoder.encode_or_throw(text) == expected);
    CHECK(encoder.encode_or_throw(text) == expected);  // now from the cache
    CHECK(bpe.decode_or_throw(expected) == text);
  }
}

}  // namespace

TEST_CASE("ids are those of Hugging Face tokenizers on the project's own corpus") {
  check_reference(plain(), kFolder + "encodings.json");
}

TEST_CASE("pieces are those of Hugging Face tokenizers") {
  simdjson::dom::parser parser;
  const simdjson::dom::array cases = parser.load(kFolder + "encodings.json").get_array();
  for (const auto& reference : cases) {
    const std::string_view text = reference["text"];
    CAPTURE(text);
    Gpt2Splitter splitter(text);
    for (const auto piece : reference["pieces"].get_array()) {
      REQUIRE_FALSE(splitter.at_end());
      CHECK(splitter.next() == std::string_view(piece));
    }
    CHECK(splitter.at_end());
  }
}

TEST_CASE("ids are those of GPT-2") {
  const char* data = std::getenv("GPT_TEST_DATA");
  if (data == nullptr) {
    MESSAGE("GPT_TEST_DATA is unset: encodings with GPT-2's vocabulary are not tested");
    return;
  }
  const std::string folder = data;
  const auto gpt2 = ByteLevelBpe::load_or_throw(folder + "/gpt2/vocab.json", folder + "/gpt2/merges.txt");
  CHECK(gpt2.vocabulary_size() == 50257);
  CHECK(gpt2.end_of_document_id_or_throw() == 50256);
  CHECK(Encoder(gpt2).encode_or_throw(" Hello world") == std::vector<TokenId>{18435, 995});
  check_reference(gpt2, folder + "/golden/gpt2_encodings.json");
}

// The definition, word for word: while any pair merges, merge the leftmost of lowest rank.
static std::vector<TokenId> merge_naively(const ByteLevelBpe& bpe, std::string_view word) {
  std::vector<TokenId> ids;
  for (const char c : word) ids.push_back(bpe.tables().byte_tokens[static_cast<unsigned char>(c)]);
  while (true) {
    MergeTable::Merge best;
    std::size_t at = 0;
    for (std::size_t i = 0; i + 1 < ids.size(); ++i) {
      const auto merge = bpe.tables().merges.find(ids[i], ids[i + 1]);
      if (merge.rank < best.rank) {
        best = merge;
        at = i;
      }
    }
    if (best.rank == MergeTable::kNoRank) return ids;
    ids[at] = best.result;
    ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(at) + 1);
  }
}

TEST_CASE("words of any length merge as defined") {
  const ByteLevelBpe bpe =
      ByteLevelBpe::load_or_throw(kFolder + "exhausted-vocab.json", kFolder + "exhausted-merges.txt");
  Encoder encoder(bpe);
  std::mt19937 random(3);
  const std::string_view letters = "aaaaehjldntrsogikv";
  for (std::size_t length = 1; length < 400; ++length) {
    std::string word;
    for (std::size_t i = 0; i < length; ++i) word.push_back(letters[random() % letters.size()]);
    CAPTURE(word);
    CHECK(encoder.encode_or_throw(word) == merge_naively(bpe, word));
  }
}

TEST_CASE("a word of a megabyte is encoded") {
  Encoder encoder(plain());
  const std::string word(std::size_t{1} << 20, 'a');
  const auto ids = encoder.encode_or_throw(word);
  CHECK(encoder.vocabulary().decode_or_throw(ids) == word);
  CHECK(ids.size() < word.size() / 4);
}

TEST_CASE("bytes that are no UTF-8 are read as U+FFFD") {
  Encoder encoder(plain());
  CHECK(encoder.encode_or_throw("a\xFFz \xE5\x84") == encoder.encode_or_throw("a\uFFFDz \uFFFD"));
  CHECK(encoder.encode_or_throw("\xC0\xAF") == encoder.encode_or_throw("\uFFFD\uFFFD"));
}

TEST_CASE("a prefix space is added where it is asked for and missing") {
  Encoder keep(plain());
  Encoder add(plain(), PrefixSpace::add);
  CHECK(add.encode_or_throw("det var") == keep.encode_or_throw(" det var"));
  CHECK(add.encode_or_throw(" det var") == keep.encode_or_throw(" det var"));
  CHECK(add.encode_or_throw("\n") == keep.encode_or_throw(" \n"));
  CHECK(add.encode_or_throw("").empty());
}

TEST_CASE("a byte that the vocabulary lacks is an error that names it") {
  const auto bpe = ByteLevelBpe::parse_or_throw("v.json", R"({"a":0,"b":1,"ab":2})", "m.txt", "a b\n");
  Encoder encoder(bpe);
  CHECK(encoder.encode_or_throw("ab") == std::vector<TokenId>{2});
  CHECK_THROWS_WITH_AS(encoder.encode_or_throw("abc"),
                       "byte 0x63 has no token in v.json: train the vocabulary with --initial-alphabet all",
                       UnknownByte);
}

TEST_CASE("every byte string of one and two bytes survives, repaired where it is no text") {
  Encoder encoder(plain());
  std::size_t wrong = 0;
  for (unsigned a = 0; a < 0x80; ++a) {
    for (unsigned b = 0; b < 0x80; ++b) {
      const std::string text{static_cast<char>(a), static_cast<char>(b)};
      if (encoder.vocabulary().decode_or_throw(encoder.encode_or_throw(text)) != text) ++wrong;
    }
  }
  CHECK(wrong == 0);
}
