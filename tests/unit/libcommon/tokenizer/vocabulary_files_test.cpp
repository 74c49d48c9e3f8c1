#include "libcommon/tokenizer/vocabulary_files.hpp"

#include <doctest/doctest.h>

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"

using namespace gpt;
using namespace gpt::tokenizer;

namespace {

std::string vocabulary_error(std::string_view json) {
  try {
    parse_vocabulary_or_throw("v.json", json);
  } catch (const io::DataError& error) {
    return error.what();
  }
  return "";
}

std::string merges_error(std::string_view text) {
  try {
    parse_merges_or_throw("m.txt", text);
  } catch (const io::DataError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a vocabulary is read in any order") {
  CHECK(parse_vocabulary_or_throw("v.json", R"({"b": 1, "\u0120a": 0, "\"": 2})") ==
        std::vector<std::string>{"Ġa", "b", "\""});
}

TEST_CASE("damaged vocabularies are refused with what is wrong") {
  CHECK(vocabulary_error("").find("v.json: not a JSON object") != std::string::npos);
  CHECK(vocabulary_error(R"({"a":0,"b")").find("cut short") != std::string::npos);
  CHECK(vocabulary_error(R"(["a"])").find("not a JSON object") != std::string::npos);
  CHECK(vocabulary_error("{}").find("no entries") != std::string::npos);
  CHECK(vocabulary_error(R"({"a":"x"})").find(R"(the id of token "a" is "x")") != std::string::npos);
  CHECK(vocabulary_error(R"({"a":-1})").find("whole numbers") != std::string::npos);
  CHECK(vocabulary_error(R"({"a":1.5})").find("whole numbers") != std::string::npos);
  CHECK(vocabulary_error(R"({"a":99999999999})").find("whole numbers") != std::string::npos);
  CHECK(vocabulary_error(R"({"a":0,"a":1})").find(R"(token "a" is there twice)") != std::string::npos);
  CHECK(vocabulary_error(R"({"a":0,"b":0})").find(R"(id 0 is given to both "a" and "b")") !=
        std::string::npos);
  CHECK(vocabulary_error(R"({"a":0,"b":2})").find("2 entries and the highest id is 2, but none has id 1") !=
        std::string::npos);
}

TEST_CASE("merges with and without a header, with either line end") {
  const auto merges = parse_merges_or_throw("m.txt", "#version: 0.2\na b\r\n# #\n");
  REQUIRE(merges.size() == 2);
  CHECK(merges[0].left == "a");
  CHECK(merges[0].right == "b");
  CHECK(merges[0].line == 2);
  CHECK(merges[1].left == "#");
  CHECK(parse_merges_or_throw("m.txt", "a b\n").size() == 1);
  CHECK(parse_merges_or_throw("m.txt", "#version: 0.2\n\n").empty());
  CHECK(parse_merges_or_throw("m.txt", "").empty());
}

TEST_CASE("damaged merges are refused with file and line") {
  CHECK(merges_error("#version: 0.2\na b\nab").find("m.txt:3: the line has no end") != std::string::npos);
  CHECK(merges_error("#version: 0.2\nab\n").find("m.txt:2: a merge is two tokens") != std::string::npos);
  CHECK(merges_error("a b c\n").find("m.txt:1:") != std::string::npos);
  CHECK(merges_error("a \n").find("m.txt:1:") != std::string::npos);
  CHECK(merges_error(" b\n").find("m.txt:1:") != std::string::npos);
  CHECK(merges_error("a b\n\nc d\n").find("m.txt:2:") != std::string::npos);
}

TEST_CASE("what was read is written back byte for byte") {
  const std::string folder = GPT_SOURCE_DIR "/tests/data/bpe/";
  for (const char* name : {"plain", "prefix", "noalphabet", "exhausted"}) {
    const std::string json = io::read_file_or_throw(folder + name + "-vocab.json");
    CHECK(vocabulary_json(parse_vocabulary_or_throw(name, json)) == json);
    const std::string text = io::read_file_or_throw(folder + name + "-merges.txt");
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const MergeLine& merge : parse_merges_or_throw(name, text))
      pairs.emplace_back(merge.left, merge.right);
    CHECK(merges_text(pairs) == text);
  }
}
