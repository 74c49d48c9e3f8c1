#include "apps/gpt-clean/cleaner.hpp"

#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "apps/gpt-clean/flag_rules.hpp"
#include "libcommon/io/errors.hpp"

using namespace gpt;
using clean::Cleaner;
using clean::Options;
using io::DocumentFormat;

namespace {

io::LineBatch batch_of(const std::vector<std::string>& lines) {
  io::LineBatch batch;
  batch.file = std::make_shared<const std::string>("a.jsonl");
  batch.first_line = 11;
  for (const auto& line : lines) {
    batch.spans.emplace_back(batch.bytes.size(), line.size());
    batch.bytes += line;
  }
  return batch;
}

Cleaner cleaner_of(const Options& options, DocumentFormat format) {
  return Cleaner(options, clean::recipe_or_throw(options), format);
}

const clean::ReasonCount& reason(const clean::Tally& tally, const std::string& name) {
  for (const auto& candidate : tally.reasons) {
    if (candidate.name == name) return candidate;
  }
  FAIL("no such reason: " << name);
  return tally.reasons.front();
}

}  // namespace

TEST_CASE("other fields travel byte for byte") {
  const Options options;
  Cleaner cleaner = cleaner_of(options, DocumentFormat::jsonl);
  const auto result = cleaner.clean_or_throw(
      batch_of({R"({"id": 1.50, "text": "a  b", "more":{"text":"x  y"} , "z":"\u00e5"})"}),
      DocumentFormat::jsonl);
  CHECK(result.kept == R"({"id": 1.50, "text": "a b", "more":{"text":"x  y"} , "z":"\u00e5"})"
                       "\n");
}

TEST_CASE("counts and examples name reason, file and line") {
  Options options;
  options.min_chars = 5;
  options.rejected = "rejected.jsonl";
  Cleaner cleaner = cleaner_of(options, DocumentFormat::jsonl);
  const auto result =
      cleaner.clean_or_throw(batch_of({R"({"text":"lång nog"})", R"({"text":"kort"})", R"({"text":" "})",
                                       R"({"text":"nej"})", "{\"text\":\"tra\xFFsig\"}"}),
                             DocumentFormat::jsonl);
  CHECK(result.tally.documents_in == 5);
  CHECK(result.tally.documents_out == 2);
  CHECK(result.tally.characters_in == 8 + 4 + 1 + 3 + 7);
  CHECK(result.tally.characters_out == 8 + 7);
  CHECK(reason(result.tally, "min-chars").count == 2);
  CHECK(reason(result.tally, "min-chars").example->line == 12);
  CHECK(reason(result.tally, "min-chars").example->text == "kort");
  CHECK(reason(result.tally, "empty").count == 1);
  CHECK(reason(result.tally, "invalid-utf8").count == 1);
  CHECK(reason(result.tally, "invalid-utf8").example->line == 15);
  CHECK(result.rejected == R"({"text":"kort","rejected":"min-chars","rejected_detail":"4 characters"})"
                           "\n"
                           R"({"text":" ","rejected":"empty","rejected_detail":""})"
                           "\n"
                           R"({"text":"nej","rejected":"min-chars","rejected_detail":"3 characters"})"
                           "\n");
}

TEST_CASE("bad records fail with file and line, or are skipped and counted") {
  const auto lines = batch_of({R"({"text":"bra"})", "{broken", R"({"other":1})", R"({"text":7})", R"([1])"});
  Options options;
  Cleaner strict = cleaner_of(options, DocumentFormat::jsonl);
  CHECK_THROWS_WITH_AS(strict.clean_or_throw(lines, DocumentFormat::jsonl), doctest::Contains("a.jsonl:12:"),
                       io::DataError);
  options.on_error = io::OnError::skip;
  Cleaner lenient = cleaner_of(options, DocumentFormat::jsonl);
  const auto result = lenient.clean_or_throw(lines, DocumentFormat::jsonl);
  CHECK(result.kept == "{\"text\":\"bra\"}\n");
  CHECK(result.tally.errors.count() == 4);
}

TEST_CASE("text files hold a document a line, in and out") {
  const Options options;
  Cleaner to_json = cleaner_of(options, DocumentFormat::jsonl);
  CHECK(to_json.clean_or_throw(batch_of({"en  \"rad\"\r", "", "två"}), DocumentFormat::text).kept ==
        "{\"text\":\"en \\\"rad\\\"\"}\n{\"text\":\"två\"}\n");
  Cleaner to_text = cleaner_of(options, DocumentFormat::text);
  CHECK(
      to_text.clean_or_throw(batch_of({R"({"text":"rubrik\n\nbröd\ntext"})"}), DocumentFormat::jsonl).kept ==
      "rubrik bröd text\n");
}

TEST_CASE("tallies add up in order") {
  Options options;
  options.min_chars = 3;
  Cleaner cleaner = cleaner_of(options, DocumentFormat::jsonl);
  clean::Tally total;
  total.absorb(cleaner.clean_or_throw(batch_of({R"({"text":"abc"})"}), DocumentFormat::jsonl).tally);
  total.absorb(cleaner.clean_or_throw(batch_of({R"({"text":"ab"})"}), DocumentFormat::jsonl).tally);
  total.absorb(cleaner.clean_or_throw(batch_of({R"({"text":"a"})"}), DocumentFormat::jsonl).tally);
  CHECK(total.documents_in == 3);
  CHECK(reason(total, "min-chars").count == 2);
  CHECK(reason(total, "min-chars").example->text == "ab");
  REQUIRE(reason(total, "min-chars").further_examples.size() == 1);
  CHECK(reason(total, "min-chars").further_examples[0].text == "a");
  for (int i = 0; i < 3; ++i) {
    total.absorb(cleaner.clean_or_throw(batch_of({R"({"text":"x"})"}), DocumentFormat::jsonl).tally);
  }
  CHECK(reason(total, "min-chars").count == 5);
  CHECK(reason(total, "min-chars").further_examples.size() == clean::ReasonCount::kFurtherExamples);
}

TEST_CASE("examples show no personal data, however it is written") {
  Options options;
  options.redact = {"email", "phone", "personnummer"};
  options.min_chars = 100000;  // every document is an example
  Cleaner cleaner = cleaner_of(options, DocumentFormat::jsonl);
  const auto shown = [&](const std::string& text) {
    const auto result =
        cleaner.clean_or_throw(batch_of({R"({"text":")" + text + R"("})"}), DocumentFormat::jsonl);
    return reason(result.tally, "min-chars").example->text;
  };
  CHECK(shown(R"(Kontakta anna&#64;example.com, +46 70\u200b-123 45 67, 8112\u00ad18-9876)") ==
        "Kontakta <EMAIL>, <PHONE>, <PERSONNUMMER>");
  CHECK(shown("Kontakta anna&amp;#64;example.com").find("example.com") == std::string::npos);
  for (std::size_t before = 990; before < 1030; ++before) {
    CAPTURE(before);
    std::string zeros_and_address;  // the address is cut where a text is, and little stands before it
    while (zeros_and_address.size() < before) zeros_and_address += "\u200b";
    zeros_and_address.resize(before / 3 * 3);
    zeros_and_address += std::string(before % 3, ' ') + "anna.andersson@example.com";
    CHECK(shown(zeros_and_address).find("anna") == std::string::npos);
  }
}
