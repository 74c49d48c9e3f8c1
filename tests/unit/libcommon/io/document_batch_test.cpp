#include "libcommon/io/document_batch.hpp"

#include <doctest/doctest.h>

#include "libcommon/io/errors.hpp"
#include "tests/support/scratch_folder.hpp"

namespace {

using namespace gpt::io;

LineBatch batch_of(const std::string& content) {
  const gpt::test::ScratchFolder folder;
  LineBatchReader reader({folder.with("a", content)});
  LineBatch batch = reader.next_or_throw().value();
  batch.file = std::make_shared<const std::string>("a");
  return batch;
}

DocumentBatch parsed(const std::string& content, DocumentFormat format, OnError on_error = OnError::fail,
                     InvalidUtf8 invalid_utf8 = InvalidUtf8::refuse) {
  DocumentParser parser;
  return parse_batch_or_throw(batch_of(content), parser, format, on_error, invalid_utf8);
}

std::vector<std::string> texts(const DocumentBatch& batch) {
  std::vector<std::string> found;
  for (const auto& document : batch.documents) found.push_back(document.text);
  return found;
}

using Texts = std::vector<std::string>;
using Lines = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("JSON Lines: blank lines are passed over, lines keep their numbers") {
  const auto batch = parsed("{\"text\":\"a\"}\n\n \t\r\n{\"text\":\"b\"}\r\n", DocumentFormat::jsonl);
  CHECK(texts(batch) == Texts{"a", "b"});
  CHECK(batch.lines == Lines{1, 4});
}

TEST_CASE("text: each line is a document, also the empty ones") {
  const auto batch = parsed("a\r\n\nb \n{\"text\":\"c\"}", DocumentFormat::text);
  CHECK(texts(batch) == Texts{"a", "", "b ", "{\"text\":\"c\"}"});
  CHECK(batch.lines == Lines{1, 2, 3, 4});
  CHECK(batch.documents[0].record.empty());
}

TEST_CASE("a byte order mark before the first line is passed over") {
  CHECK(texts(parsed("\xef\xbb\xbf{\"text\":\"a\"}\n", DocumentFormat::jsonl)) == Texts{"a"});
  CHECK(texts(parsed("\xef\xbb\xbf"
                     "a\n\xef\xbb\xbf"
                     "b\n",
                     DocumentFormat::text)) == Texts{"a",
                                                     "\xef\xbb\xbf"
                                                     "b"});
}

TEST_CASE("a bad record stops, or is counted with its line") {
  const std::string content = "{\"text\":\"a\"}\n{\"text\":5}\n{\"text\":\"b\"}\n{\n";
  CHECK_THROWS_WITH_AS(parsed(content, DocumentFormat::jsonl), "a:2: the field \"text\" is no string",
                       DataError);
  const auto batch = parsed(content, DocumentFormat::jsonl, OnError::skip);
  CHECK(texts(batch) == Texts{"a", "b"});
  CHECK(batch.lines == Lines{1, 3});
  CHECK(batch.errors.count() == 2);
  CHECK(batch.errors.first_messages()[0].starts_with("a:2: "));
  CHECK(batch.errors.first_messages()[1].starts_with("a:4: "));
}

TEST_CASE("broken UTF-8 is a bad record, or is read with U+FFFD") {
  for (const auto format : {DocumentFormat::jsonl, DocumentFormat::text}) {
    const std::string good = format == DocumentFormat::jsonl ? "{\"text\":\"å\"}\n" : "å\n";
    const std::string bad = format == DocumentFormat::jsonl ? "{\"text\":\"a\xff\"}\n" : "a\xff\n";
    CHECK_THROWS_AS(parsed(good + bad, format), DataError);
    const auto skipped = parsed(bad + good, format, OnError::skip);
    CHECK(texts(skipped) == Texts{"å"});
    CHECK(skipped.errors.count() == 1);
    const auto repaired = parsed(good + bad, format, OnError::fail, InvalidUtf8::replace);
    CHECK(texts(repaired) == Texts{"å", "a\xef\xbf\xbd"});
    CHECK(repaired.repaired == std::vector<bool>{false, true});
  }
}

TEST_CASE("several fields of each document, or the lines of a text") {
  LineBatch batch;
  batch.file = std::make_shared<const std::string>("a");
  const auto add = [&](const std::string& line) {
    batch.spans.emplace_back(batch.bytes.size(), line.size());
    batch.bytes += line + "\n";
  };
  add(R"({"b":"x","a":"1","b":"2"})");
  add(" ");
  add(R"({"a":"3"})");
  DocumentParser parser;
  const std::vector<std::string> keys = {"a", "b"};
  CHECK_THROWS_WITH_AS(parse_fields_or_throw(batch, parser, DocumentFormat::jsonl, keys, OnError::fail),
                       "a:3: the field \"b\" is missing", DataError);
  const auto fields = parse_fields_or_throw(batch, parser, DocumentFormat::jsonl, keys, OnError::skip);
  REQUIRE(fields.values.size() == 1);
  CHECK(fields.values[0] == Texts{"1", "2"});
  CHECK(fields.lines == Lines{1});
  CHECK(fields.errors.count() == 1);
  CHECK(parse_fields_or_throw(batch, parser, DocumentFormat::text, keys, OnError::fail).values.size() == 3);
}
