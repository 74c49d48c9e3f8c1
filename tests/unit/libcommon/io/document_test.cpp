#include "libcommon/io/document.hpp"

#include <doctest/doctest.h>
#include <simdjson.h>

#include "libcommon/io/errors.hpp"

namespace {

using namespace gpt::io;

Document parsed(const std::string& line, const std::string& key = "text") {
  DocumentParser parser(key);
  return parser.parse_or_throw(line, "a.jsonl", 7);
}

// The record written with another text; without the final newline.
std::string rewritten(const std::string& line, const std::string& text, const std::string& key = "text") {
  Document document = parsed(line, key);
  document.text = text;
  std::string out;
  append_json_record(out, document, key);
  REQUIRE(out.ends_with("\n"));
  out.pop_back();
  return out;
}

std::string refusal(const std::string& line) {
  try {
    parsed(line);
  } catch (const DataError& error) {
    return error.what();
  }
  return {};
}

bool says(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the layout of a documents file is told by its name") {
  CHECK(document_format_of_name("a.txt") == DocumentFormat::text);
  CHECK(document_format_of_name("a.txt.gz") == DocumentFormat::text);
  CHECK(document_format_of_name("a.txt.zst") == DocumentFormat::text);
  CHECK(document_format_of_name("A.TXT.GZ") == DocumentFormat::text);
  CHECK(document_format_of_name("a.jsonl") == DocumentFormat::jsonl);
  CHECK(document_format_of_name("a.jsonl.gz") == DocumentFormat::jsonl);
  CHECK(document_format_of_name("a.txt.jsonl") == DocumentFormat::jsonl);
  CHECK(document_format_of_name("-") == DocumentFormat::jsonl);
}

TEST_CASE("the text is decoded: escapes, surrogate pairs, raw UTF-8") {
  CHECK(parsed(R"({"text":"a\"\\\/\b\f\n\r\tö"})").text == "a\"\\/\b\f\n\r\tö");
  CHECK(parsed(R"({"text":"\u00e5 \ud83d\ude00 \u0000."})").text == std::string("å 😀 \0.", 10));
  CHECK(parsed(R"({"text":""})").text.empty());
  CHECK(parsed(R"({"text":"日本 العربية"})").text == "日本 العربية");
}

TEST_CASE("other fields stay byte for byte, whatever the white space") {
  CHECK(rewritten(R"({"id":1.0,"text":"a","url":"x\/y","n":[1, 2,{"text":"inner"}],"e":1E+2})", "ö") ==
        R"({"id":1.0,"text":"ö","url":"x\/y","n":[1, 2,{"text":"inner"}],"e":1E+2})");
  CHECK(rewritten("{\"text\" :\t\"a\" , \"b\" : null }", "b") == "{\"text\" :\t\"b\" , \"b\" : null }");
  CHECK(rewritten("  {\"a\":true,\"text\":\"a\"}\r", "b") == "  {\"a\":true,\"text\":\"b\"}");
  CHECK(rewritten(R"({"text":"a"})", "line\n\"quoted\"") == R"({"text":"line\n\"quoted\""})");
}

TEST_CASE("only the field of the outermost object counts") {
  CHECK(parsed(R"({"meta":{"text":"inner"},"list":[{"text":"x"}],"text":"outer"})").text == "outer");
  CHECK(rewritten(R"({"meta":{"text":"inner"},"list":[{"text":"x"}],"text":"outer"})", "new") ==
        R"({"meta":{"text":"inner"},"list":[{"text":"x"}],"text":"new"})");
  CHECK(says(refusal(R"({"meta":{"text":"inner"}})"), "\"text\" is missing"));
  CHECK(parsed(R"({"a":"text","text":"right"})").text == "right");
  CHECK(parsed(R"({"a":"\"text\":\"wrong\"","text":"right"})").text == "right");
}

TEST_CASE("of a key given twice the last counts") {
  CHECK(parsed(R"({"text":"first","text":"last"})").text == "last");
  CHECK(rewritten(R"({"text":"first","a":1,"text":"last"})", "new") == R"({"a":1,"text":"new"})");
  CHECK(says(refusal(R"({"text":"first","text":5})"), "no string"));
  DocumentParser parser;
  parser.parse_or_throw(R"({"text":"a","lang":"sv","lang":"da"})", "a.jsonl", 1);
  CHECK(parser.string_field("lang") == "da");
}

TEST_CASE("keys written with escapes are the same keys") {
  CHECK(parsed(R"({"t\u0065xt":"a"})").text == "a");
  CHECK(rewritten(R"({"t\u0065xt":"a","b":1})", "new") == R"({"t\u0065xt":"new","b":1})");
  CHECK(parsed(R"({"a\"b":"x"})", "a\"b").text == "x");
  CHECK(rewritten(R"({"a\"b":"x"})", "y", "a\"b") == R"({"a\"b":"y"})");
}

TEST_CASE("another field can hold the text") {
  CHECK(parsed(R"({"text":"no","html":"<p>"})", "html").text == "<p>");
  CHECK(rewritten(R"({"text":"no","html":"<p>"})", "<b>", "html") == R"({"text":"no","html":"<b>"})");
  CHECK(parsed(R"({"":"empty key"})", "").text == "empty key");
}

TEST_CASE("string fields of the line last parsed") {
  DocumentParser parser;
  parser.parse_or_throw(R"({"text":"a","url":"http:\/\/x","n":5,"o":{"lang":"sv"}})", "a.jsonl", 1);
  CHECK(parser.string_field("url") == "http://x");
  CHECK_FALSE(parser.string_field("n"));
  CHECK_FALSE(parser.string_field("lang"));
  CHECK_FALSE(parser.string_field("missing"));
  parser.parse_or_throw(R"({"text":"b"})", "a.jsonl", 2);
  CHECK_FALSE(parser.string_field("url"));
}

TEST_CASE("refused lines name file, line and reason") {
  for (const char* line :
       {"", "   ", "{", "}", "nonsense", R"({"text":"a")", R"({"text":"a"} x)", R"({"text":"a"}{"text":"b"})",
        R"({'text':'a'})", R"({"text":"a",})", R"({"text":"a"])", R"({"text":"\x"})", R"({"text":"\u12"})",
        "{\"text\":\"a\nb\"}", "{\"text\":\"a\tb\"}", R"({"text":"a)", R"({"text":nul})", R"({text:"a"})"}) {
    CAPTURE(line);
    CHECK(refusal(line).starts_with("a.jsonl:7: not a valid JSON object: "));
  }
  for (const char* line : {"[]", "\"text\"", "5", "null", "true", R"([{"text":"a"}])"}) {
    CAPTURE(line);
    CHECK(says(refusal(line), "a.jsonl:7: a JSON object is needed"));
  }
  CHECK(refusal("{}") == "a.jsonl:7: the field \"text\" is missing");
  CHECK(refusal(R"({"Text":"a"})") == "a.jsonl:7: the field \"text\" is missing");
  for (const char* line :
       {R"({"text":5})", R"({"text":null})", R"({"text":["a"]})", R"({"text":{"text":"a"}})"}) {
    CHECK(refusal(line) == "a.jsonl:7: the field \"text\" is no string");
  }
}

TEST_CASE("bytes that are no UTF-8 are refused") {
  for (const char* bytes : {"\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\x80"}) {
    CAPTURE(bytes);
    CHECK(says(refusal(std::string("{\"text\":\"") + bytes + "\"}"), "a.jsonl:7: "));
    CHECK(says(refusal(std::string("{\"text\":\"a\",\"b\":\"") + bytes + "\"}"), "a.jsonl:7: "));
  }
}

TEST_CASE("halves of surrogate pairs are U+FFFD in the text, and stay as they are elsewhere") {
  CHECK(parsed(R"({"text":"\ud83d"})").text == "\uFFFD");
  CHECK(parsed(R"({"text":"a\ude00b"})").text == "a\uFFFDb");
  CHECK(parsed(R"({"text":"\ud83dx\ud83d\uDE00"})").text == "\uFFFDx😀");
  CHECK(rewritten(R"({"a":"\uD83D!","text":"a"})", "b") == R"({"a":"\uD83D!","text":"b"})");
  CHECK(says(refusal(R"({"\ud83d":1,"text":"a"})"), "a.jsonl:7: "));  // keys are compared
}

TEST_CASE("numbers beyond what 64 bits or a double hold travel along") {
  for (const char* number : {"18446744073709551616", "-123456789012345678901234567890", "1e400", "-1E+999",
                             "0.1e999", "[1, 99999999999999999999]"}) {
    CAPTURE(number);
    const std::string line = std::string("{\"n\":") + number + ",\"text\":\"a\"}";
    CHECK(rewritten(line, "b") == std::string("{\"n\":") + number + ",\"text\":\"b\"}");
  }
  for (const char* number :
       {"-", "01", "1.", "1e", "00000000000000000000", "1234567890123456789012x", "--1"}) {
    CAPTURE(number);
    CHECK(says(refusal(std::string("{\"n\":") + number + ",\"text\":\"a\"}"), "a.jsonl:7: "));
  }
  CHECK(parsed(R"({"n":1e999,"text":"1e999 \\ud83d"})").text == "1e999 \\ud83d");
}

TEST_CASE("a parser goes on after a refused line") {
  DocumentParser parser;
  CHECK_THROWS_AS(parser.parse_or_throw("{", "a.jsonl", 1), DataError);
  CHECK(parser.parse_or_throw(R"({"text":"a"})", "a.jsonl", 2).text == "a");
}

TEST_CASE("a line of many megabytes") {
  const std::string text(20000000, 'x');
  const std::string line = R"({"a":1,"text":")" + text + R"(","b":2})";
  const Document document = parsed(line);
  CHECK(document.text.size() == text.size());
  const bool same = rewritten(line, "short") == R"({"a":1,"text":"short","b":2})";
  CHECK(same);
}

TEST_CASE("deep nesting beside the text") {
  const std::string deep = std::string(900, '[') + std::string(900, ']');
  CHECK(rewritten("{\"d\":" + deep + ",\"text\":\"a\"}", "b") == "{\"d\":" + deep + ",\"text\":\"b\"}");
  const std::string too_deep = std::string(100000, '[') + std::string(100000, ']');
  CHECK(says(refusal("{\"d\":" + too_deep + ",\"text\":\"a\"}"), "a.jsonl:7: "));
}

TEST_CASE("extra fields go before the closing brace") {
  std::string out;
  append_json_record_with(out, parsed(R"({"text":"a","o":{"x":1} } )"), R"("language":"sv","score":0.5)");
  CHECK(out == "{\"text\":\"a\",\"o\":{\"x\":1} ,\"language\":\"sv\",\"score\":0.5}\n");
}

TEST_CASE("a document without a record becomes an object of its own") {
  Document document;
  document.text = "rad\tett";
  std::string out;
  append_json_record(out, document);
  append_json_record(out, document, "html");
  append_json_record_with(out, document, R"("n":1)");
  CHECK(out == "{\"text\":\"rad\\tett\"}\n{\"html\":\"rad\\tett\"}\n{\"text\":\"rad\\tett\",\"n\":1}\n");
}

TEST_CASE("of several texts only the one that counts is written") {
  CHECK(rewritten(R"({"text":"mail anna@example.com","text":"fine"})", "x") == R"({"text":"x"})");
  CHECK(rewritten(R"({"id":1, "te\u0078t": "a", "text":"b" , "more":{"text":"c"}, "text":"d", "z":2})",
                  "x") == R"({"id":1, "more":{"text":"c"}, "text":"x", "z":2})");
  CHECK(rewritten(R"({"text":{"text":"a"},"text":[1],"id":3,"text":"b"})", "x") == R"({"id":3,"text":"x"})");
}
