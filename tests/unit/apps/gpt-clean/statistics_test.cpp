#include "apps/gpt-clean/statistics.hpp"

#include <cmath>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "apps/gpt-clean/statistics_json.hpp"
#include "apps/gpt-clean/statistics_table.hpp"
#include "apps/gpt-clean/text_meter.hpp"
#include "libcommon/io/errors.hpp"

using namespace gpt;
using namespace gpt::clean;

TEST_CASE("a distribution counts by powers of two") {
  Distribution sizes;
  CHECK(std::isnan(sizes.mean()));
  CHECK(sizes.at_most(0.5) == 0);
  for (const std::uint64_t size : {0, 1, 2, 3, 4, 7, 8, 100}) sizes.add(size);
  CHECK(sizes.count() == 8);
  CHECK(sizes.sum() == 125);
  CHECK(sizes.least() == 0);
  CHECK(sizes.greatest() == 100);
  CHECK(sizes.buckets()[0] == 1);
  CHECK(sizes.buckets()[2] == 2);
  CHECK(sizes.buckets()[3] == 2);
  CHECK(sizes.buckets()[7] == 1);
  CHECK(sizes.at_most(0.5) == 3);
  CHECK(sizes.at_most(1.0) == 100);
}

TEST_CASE("distributions add up to what one would have been") {
  Distribution all;
  Distribution parts[2];
  for (std::uint64_t size = 5; size < 300; size += 7) {
    all.add(size);
    parts[size % 2].add(size);
  }
  Distribution together;
  together.absorb(parts[0]);
  together.absorb(parts[1]);
  together.absorb({});
  CHECK(together.buckets() == all.buckets());
  CHECK(together.sum() == all.sum());
  CHECK(together.least() == 5);
  CHECK(together.greatest() == all.greatest());
}

TEST_CASE("a document's characters, words and sentences are measured") {
  TextMeter meter("sv");
  Statistics statistics;
  meter.measure("Hej på dig! Det är 5 ägg – och så.", "a.se", statistics);
  meter.measure("", "b.se", statistics);
  CHECK(statistics.documents() == 2);
  CHECK(statistics.bytes == 40);
  CHECK(statistics.characters_per_document.sum() == 34);
  CHECK(statistics.words_per_document.sum() == 9);
  CHECK(statistics.sentences_per_document.greatest() == 2);
  CHECK(statistics.sentences_per_document.least() == 0);
  CHECK(statistics.characters_per_sentence.greatest() == 22);
  CHECK(statistics.words_per_sentence.least() == 3);
  CHECK(statistics.languages.at("sv").documents == 2);
  CHECK(statistics.sources.named().at("a.se").words_per_document.sum() == 9);
  CHECK(statistics.sources.named().at("a.se").sentences_per_document.sum() == 2);
  CHECK(statistics.sources.named().at("a.se").characters_per_sentence.greatest() == 22);
  CHECK(statistics.sources.named().at("a.se").languages.at("sv").characters == 34);
  CHECK(statistics.sources.named().at("b.se").documents() == 1);
}

TEST_CASE("what is written is read back and adds up") {
  TextMeter meter("sv");
  Statistics first;
  Statistics second;
  meter.measure("Ett \"citat\". Två ord.", "källa \"a\"\n", first);
  meter.measure("Tre.", "b", second);
  const Statistics again = parse_statistics_or_throw(json_of(first), "first.json");
  CHECK(json_of(again) == json_of(first));
  Statistics both = again;
  both.absorb(parse_statistics_or_throw(json_of(second), "second.json"));
  Statistics wanted = first;
  wanted.absorb(second);
  CHECK(json_of(both) == json_of(wanted));
  CHECK(json_of(parse_statistics_or_throw(json_of(Statistics{}), "none")) == json_of(Statistics{}));
}

namespace {

// A document of that many characters from a source.
void add(Statistics& statistics, const std::string& source, std::uint64_t characters) {
  Figures document;
  document.bytes = characters;
  document.characters_per_document.add(characters);
  document.languages["sv"] = {1, characters, 0};
  statistics.Figures::absorb(document);
  statistics.sources.of(source).absorb(document);
}

Statistics limited(std::size_t most) {
  Statistics statistics;
  statistics.sources = Sources(most);
  return statistics;
}

}  // namespace

TEST_CASE("the largest sources stay and the others are added up") {
  Statistics all = limited(2);
  for (const auto& [source, characters] :
       std::vector<std::pair<std::string, std::uint64_t>>{{"c", 5}, {"a", 5}, {"b", 7}, {"d", 1}, {"d", 1}}) {
    Statistics one;
    add(one, source, characters);
    all.absorb(one);
  }
  all.sources.keep_largest();
  const auto& named = all.sources.named();
  REQUIRE(named.size() == 2);
  CHECK(named.at("d").documents() == 2);
  CHECK(named.at("b").characters() == 7);
  CHECK(all.sources.others().documents() == 2);
  CHECK(all.sources.others().languages.at("sv").characters == 10);
  CHECK(all.documents() == 5);

  const Statistics again = parse_statistics_or_throw(json_of(all), "all.json");
  CHECK(json_of(again) == json_of(all));
  CHECK(again.sources.others().characters() == 10);
}

TEST_CASE("a hundred thousand sources take the room of a few, and no document is lost") {
  Statistics all = limited(50);
  for (int i = 0; i < 100'000; ++i) {
    Statistics one;
    add(one, "host" + std::to_string(i), 10);
    if (i % 10 == 0) add(one, "large", 10);
    all.absorb(one);
    REQUIRE(all.sources.named().size() <= 100);
  }
  all.sources.keep_largest();
  CHECK(all.sources.named().size() == 50);
  CHECK(all.sources.named().at("large").documents() == 10'000);
  CHECK(all.sources.others().documents() == 100'000 - 49);
}

TEST_CASE("a long name of a source is cut between characters") {
  Statistics statistics;
  add(statistics, std::string(255, 'a') + "\u00E5" + std::string(1000, 'b'), 1);
  CHECK(statistics.sources.named().begin()->first == std::string(255, 'a'));
}

TEST_CASE("the statistics of a run report are read") {
  Statistics before;
  add(before, "a", 3);
  Statistics after;
  add(after, "b", 2);
  const std::string report = "{\"tool\":\"gpt-clean\",\"statistics_before\":" + json_of(before) +
                             ",\"statistics_after\":" + json_of(after) + "}";
  CHECK(json_of(parse_statistics_or_throw(report, "r", "statistics_before")) == json_of(before));
  CHECK(json_of(parse_statistics_or_throw(report, "r")) == json_of(after));
  CHECK_THROWS_AS(parse_statistics_or_throw("{\"tool\":\"gpt-clean\"}", "r"), io::DataError);
}

TEST_CASE("what is no statistics is refused by name") {
  for (const char* text : {"", "{", "{}", "[1]", R"({"bytes":"x"})"}) {
    CHECK_THROWS_WITH_AS(parse_statistics_or_throw(text, "odd.json"), doctest::Contains("odd.json"),
                         io::DataError);
  }
  std::string json = json_of(Statistics{});
  json.replace(json.find("\"histogram\":{}"), 14, "\"histogram\":{\"3\":1}");
  CHECK_THROWS_AS(parse_statistics_or_throw(json, "odd.json"), io::DataError);
}

TEST_CASE("sources are values of a field or hosts of URLs") {
  io::DocumentParser parser;
  const auto group = [&](const std::string& by, const std::string& record) {
    return SourceField::parse(by).group_of(parser, parser.parse_or_throw(record, "a", 1));
  };
  CHECK(group("source", R"({"text":"x","source":"bok"})") == "bok");
  CHECK(group("source", R"({"text":"x"})") == "(none)");
  CHECK(group("source", R"({"text":"x","source":5})") == "(none)");
  CHECK(group("url:host", R"({"text":"x","url":"https://me@WWW.Example.org:8080/a?b"})") ==
        "www.example.org");
  CHECK(group("url:host", R"({"text":"x","url":"http://[2001:db8::1]:80/"})") == "[2001:db8::1]");
  CHECK(group("url:host", R"({"text":"x","url":"inget"})") == "inget");
  CHECK(SourceField::parse("source").group_of(parser, io::Document{"x", "", 0, 0}) == "(none)");
}

TEST_CASE("the table shows sources with their means and main languages") {
  Statistics statistics = limited(1);
  add(statistics, "a.se", 10);
  add(statistics, "a.se", 30);
  add(statistics, "b.se", 60);
  statistics.sources.keep_largest();
  const auto lines = table_of(statistics);
  CHECK(lines[lines.size() - 2] ==
        "a.se                               2            40    40.0          20.0               -"
        "               -  sv 100.0");
  CHECK(lines.back().starts_with("(others)                           1            60    60.0"));
}

TEST_CASE("the table shows the largest shares first") {
  Statistics statistics;
  add(statistics, "", 40);
  statistics.languages["sv"] = {1, 10, 2};
  statistics.languages["da"] = {3, 30, 6};
  const auto lines = table_of(statistics);
  REQUIRE(lines.size() == 12);
  CHECK(lines[8].starts_with("da "));
  CHECK(lines[8].ends_with("75.0"));
}
