#include "apps/gpt-preprocess/batch_encoder.hpp"

#include <cstring>
#include <vector>

#include <doctest/doctest.h>

#include "libcommon/io/errors.hpp"

using namespace gpt;
using namespace gpt::preprocess;

namespace {

using Ids = std::vector<tokenizer::TokenId>;
using Lengths = std::vector<std::size_t>;

// a 0, b 1, ab 2, <|endoftext|> 3
tokenizer::ByteLevelBpe small() {
  return tokenizer::ByteLevelBpe::parse_or_throw("v.json", R"({"a":0,"b":1,"ab":2,"<|endoftext|>":3})",
                                                 "m.txt", "a b\n");
}

io::LineBatch lines_of(const std::vector<std::string>& lines) {
  io::LineBatch batch;
  batch.file = std::make_shared<const std::string>("f.jsonl");
  batch.first_line = 10;
  for (const std::string& line : lines) {
    batch.spans.emplace_back(batch.bytes.size(), line.size());
    batch.bytes += line + "\n";
  }
  return batch;
}

EncodedBatch encode(const std::vector<std::string>& lines, const EncodeSettings& settings,
                    io::DocumentFormat format = io::DocumentFormat::jsonl) {
  return BatchEncoder(settings, small()).encode_or_throw(lines_of(lines), format);
}

Ids ids_of(const EncodedField& field) {
  Ids ids(field.ids.size() / sizeof(tokenizer::TokenId));
  std::memcpy(ids.data(), field.ids.data(), field.ids.size());
  return ids;
}

}  // namespace

TEST_CASE("documents are encoded one after the other; blank lines are passed over") {
  const auto batch = encode({R"({"text":"ab"})", " ", R"({"id":7,"text":"ba"})"}, {{"text"}});
  CHECK(ids_of(batch.fields[0]) == Ids{2, 1, 0});
  CHECK(batch.fields[0].lengths == Lengths{1, 2});
  CHECK(batch.documents == 2);
  CHECK(batch.text_bytes == 4);
}

TEST_CASE("documents are ended where asked for, the empty ones never") {
  EncodeSettings settings{{"text"}, EndOfDocument::append};
  const std::vector<std::string> lines = {R"({"text":"ab"})", R"({"text":""})", R"({"text":"a"})"};
  auto batch = encode(lines, settings);
  CHECK(ids_of(batch.fields[0]) == Ids{2, 3, 0, 3});
  CHECK(batch.fields[0].lengths == Lengths{2, 2});
  CHECK(batch.empty_fields == 1);
  settings.empty = EmptyDocuments::keep;
  batch = encode(lines, settings);
  CHECK(ids_of(batch.fields[0]) == Ids{2, 3, 0, 3});
  CHECK(batch.fields[0].lengths == Lengths{2, 2});
  CHECK(batch.fields[0].sequences == std::vector<std::uint32_t>{1, 0, 1});
}

TEST_CASE("several fields; a record lacking one is taken in none") {
  EncodeSettings settings{{"text", "title"}};
  const std::vector<std::string> lines = {R"({"text":"a","title":"b"})", R"({"text":"a"})"};
  CHECK_THROWS_WITH_AS(encode(lines, settings), doctest::Contains("f.jsonl:11: the field \"title\""),
                       io::DataError);
  settings.on_error = io::OnError::skip;
  const auto batch = encode(lines, settings);
  CHECK(ids_of(batch.fields[0]) == Ids{0});
  CHECK(ids_of(batch.fields[1]) == Ids{1});
  CHECK(batch.errors.count() == 1);
}

TEST_CASE("a record with a byte without a token leaves nothing behind, whichever field has it") {
  EncodeSettings settings{{"text", "title"}};
  settings.on_error = io::OnError::skip;
  const auto batch = encode({R"({"text":"a","title":"b"})", R"({"text":"ab","title":"abac"})",
                             R"({"text":"ac","title":"b"})", R"({"text":"b","title":"a"})"},
                            settings);
  CHECK(ids_of(batch.fields[0]) == Ids{0, 1});
  CHECK(ids_of(batch.fields[1]) == Ids{1, 0});
  CHECK(batch.fields[1].lengths == Lengths{1, 1});
  CHECK(batch.documents == 2);
  CHECK(batch.errors.count() == 2);
}

TEST_CASE("a list holds the sentences of its document; those without a token are none") {
  EncodeSettings settings{{"text"}, EndOfDocument::append};
  settings.sentences.emplace();
  const auto batch = encode({R"({"text":["ab","","ba"]})", R"({"text":[]})", R"({"text":"a"})"}, settings);
  CHECK(ids_of(batch.fields[0]) == Ids{2, 1, 0, 3, 0, 3});
  CHECK(batch.fields[0].lengths == Lengths{1, 3, 2});
  CHECK(batch.fields[0].sequences == std::vector<std::uint32_t>{2, 1});
  CHECK(batch.empty_fields == 1);
  CHECK_THROWS_WITH_AS(encode({R"({"text":["ab",1]})"}, settings),
                       doctest::Contains("f.jsonl:10: the field \"text\" is a list with something else"),
                       io::DataError);
}

TEST_CASE("ids are bytes of the dataset's type") {
  EncodeSettings settings{{"text"}};
  settings.token_type = dataset::TokenType::u16;
  CHECK(encode({R"({"text":"abb"})"}, settings).fields[0].ids == std::string("\2\0\1\0", 4));
}

TEST_CASE("lines of text") {
  const auto batch = encode({"ab\r", "", "a"}, {{"text"}}, io::DocumentFormat::text);
  CHECK(ids_of(batch.fields[0]) == Ids{2, 0});
  CHECK(batch.documents == 3);
  CHECK(batch.empty_fields == 1);
}

TEST_CASE("bad records name file and line") {
  const EncodeSettings settings{{"text"}};
  CHECK_THROWS_WITH_AS(encode({R"({"text":"ab)"}, settings), doctest::Contains("f.jsonl:10: "),
                       io::DataError);
  CHECK_THROWS_WITH_AS(encode({R"({"text":5})"}, settings), doctest::Contains("f.jsonl:10: "), io::DataError);
  CHECK_THROWS_WITH_AS(encode({R"({"text":"abc"})"}, settings),
                       doctest::Contains("f.jsonl:10: byte 0x63 has no token in v.json"), io::DataError);
  CHECK_THROWS_WITH_AS(encode({"a\xFF"}, settings, io::DocumentFormat::text),
                       doctest::Contains("f.jsonl:10: not valid UTF-8"), io::DataError);
}

TEST_CASE("documents cannot be ended without a token for it") {
  const EncodeSettings settings{{"text"}, EndOfDocument::append};
  const auto bare = tokenizer::ByteLevelBpe::parse_or_throw("v.json", R"({"a":0})", "m.txt", "");
  CHECK_THROWS_WITH_AS(BatchEncoder(settings, bare), doctest::Contains("has no token <|endoftext|>"),
                       io::DataError);
}
