// The encodings of Hugging Face tokenizers on the project's own texts (tests/data/README.md).
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <simdjson.h>

#include "libcommon/tokenizer/byte_level_bpe.hpp"
#include "libcommon/tokenizer/encoder.hpp"

using namespace gpt::tokenizer;

TEST_CASE("our own texts have the ids of Hugging Face tokenizers, and decode to themselves") {
  const std::string golden = GPT_SOURCE_DIR "/tests/data/golden/";
  const auto bpe =
      ByteLevelBpe::load_or_throw(golden + "bpe_gpt2_1200/vocab.json", golden + "bpe_gpt2_1200/merges.txt");
  Encoder encoder(bpe);
  simdjson::dom::parser parser;
  const simdjson::dom::array cases = parser.load(golden + "encodings.json").get_array();
  std::size_t compared = 0;
  for (const auto reference : cases) {
    const std::string_view text = reference["text"];
    CAPTURE(text);
    std::vector<TokenId> wanted;
    for (const std::int64_t id : reference["ids"].get_array()) wanted.push_back(static_cast<TokenId>(id));
    const auto ids = encoder.encode_or_throw(text);
    CHECK(ids == wanted);
    CHECK(bpe.decode_or_throw(ids) == text);
    ++compared;
  }
  CHECK(compared > 100);
}
