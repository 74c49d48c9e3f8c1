#include "apps/gpt-clean/rules/phrase_finder.hpp"

#include <cctype>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using gpt::clean::PhraseFinder;

namespace {

using Place = PhraseFinder::Place;

bool stands_alone(const std::string& text, std::size_t begin, std::size_t length) {
  const auto is_letter = [&](std::size_t at) { return at < text.size() && std::isalnum(text[at]) != 0; };
  return (begin == 0 || !is_letter(begin - 1)) && !is_letter(begin + length);
}

// By looking for one after the other.
std::uint64_t count_one_by_one(const std::vector<std::string>& phrases, const std::string& text,
                               Place place) {
  std::uint64_t count = 0;
  for (const auto& phrase : phrases) {
    for (std::size_t at = text.find(phrase); at != std::string::npos; at = text.find(phrase, at + 1))
      count += place == Place::anywhere || stands_alone(text, at, phrase.size()) ? 1 : 0;
  }
  return count;
}

std::uint64_t count_words(const std::vector<std::string>& phrases, const std::string& text) {
  return PhraseFinder(phrases, Place::as_word).count(text).count;
}

// a, aa, aaa ...; or with something between the letters.
std::vector<std::string> nested(std::size_t phrases, const std::string& between) {
  std::vector<std::string> list = {"a"};
  while (list.size() < phrases) list.push_back(list.back() + between + "a");
  return list;
}

}  // namespace

TEST_CASE("phrases within phrases are all counted, and the first is the longest of those that end first") {
  const PhraseFinder finder({"he", "she", "his", "hers"});
  const auto found = finder.count("ushers");
  CHECK(found.count == 3);
  CHECK(finder.phrase(found.first) == "she");
  CHECK(finder.count("ushers his", 0).count == 2);
}

TEST_CASE("case makes no difference, in ASCII and Latin-1") {
  const PhraseFinder finder({"Åka båt", "ÆØ"});
  CHECK(finder.occurs_in("vi ska åKA BÅT nu"));
  CHECK(finder.occurs_in("æø"));
  CHECK_FALSE(finder.occurs_in("aka bat"));
}

TEST_CASE("case makes no difference in other letters, and other letters are not taken for them") {
  CHECK(PhraseFinder({"šaka"}).occurs_in("EN ŠAKA"));
  CHECK(PhraseFinder({"ЖУК"}).occurs_in("жук"));
  CHECK_FALSE(PhraseFinder({"ł"}).occurs_in("Ţ"));
  CHECK(count_words({"ak"}, "š a\u212A å") == 1);  // the sign of the kelvin
}

TEST_CASE("a list too large for the table is refused") {
  std::string phrase;
  while (phrase.size() < 5000000) phrase.push_back(static_cast<char>('!' + phrase.size() % 90));
  CHECK_THROWS_AS(PhraseFinder({phrase}), std::length_error);
}

TEST_CASE("no phrases, empty phrases and empty texts") {
  CHECK_FALSE(PhraseFinder().occurs_in("allt"));
  CHECK_FALSE(PhraseFinder({""}).occurs_in("allt"));
  CHECK_FALSE(PhraseFinder({"a"}).occurs_in(""));
}

TEST_CASE("words stand where no letter or digit is beside them, of whatever script") {
  CHECK(count_words({"båt"}, "båt, båtar, åbåt (BÅT) båt1 1båt båt") == 3);
  CHECK(count_words({"а", "а б"}, "а б") == 2);
  CHECK(count_words({"ab", "ä ab"}, "äab å ab ä ab") == 3);
  CHECK(count_words({"a"}, "ⓐ a ａ") == 1);
  const PhraseFinder finder({"mus", "en mus", "stor mus"}, Place::as_word);
  CHECK(finder.phrase(finder.count("sten mus").first) == "mus");
  CHECK(finder.phrase(finder.count("sten mus, en mus").first) == "mus");
  CHECK(finder.phrase(finder.count("en mus").first) == "en mus");
}

TEST_CASE("thousands of phrases within each other are counted in no more steps than one") {
  const std::string text(1000000, 'a');
  const std::uint64_t phrases = 2000;
  // phrase k is missing at the first k - 1 places
  const std::uint64_t everywhere = phrases * text.size() - phrases * (phrases - 1) / 2;
  CHECK(PhraseFinder(nested(phrases, "")).count(text).count == everywhere);
  CHECK(count_words(nested(phrases, ""), text) == 0);
  std::string words;
  while (words.size() < 1000000) words += words.empty() ? "a" : " a";
  const std::uint64_t letters = (words.size() + 1) / 2;
  CHECK(count_words(nested(phrases, " "), words) == phrases * letters - phrases * (phrases - 1) / 2);
}

TEST_CASE("random phrases are found where looking for one after the other finds them") {
  std::mt19937 random(7);
  const auto word = [&](std::size_t longest) {
    std::string text(1 + random() % longest, 'a');
    for (char& c : text) c = "ab "[random() % 3];
    return text;
  };
  for (int round = 0; round < 500; ++round) {
    std::set<std::string> phrases;
    while (phrases.size() < 6) phrases.insert(word(5));
    const std::vector<std::string> list(phrases.begin(), phrases.end());
    const std::string text = word(60);
    for (const Place place : {Place::anywhere, Place::as_word}) {
      const auto count = count_one_by_one(list, text, place);
      const PhraseFinder finder(list, place);
      CHECK(finder.count(text).count == count);
      CHECK((finder.count(text, 2).count > 2) == (count > 2));
      CHECK(finder.occurs_in(text) == (count > 0));
    }
  }
}
