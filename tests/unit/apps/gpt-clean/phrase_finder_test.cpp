#include "apps/gpt-clean/rules/phrase_finder.hpp"

#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>

using gpt::clean::PhraseFinder;

namespace {

using Places = std::set<std::tuple<std::size_t, std::string>>;  // begin, phrase

Places found(const PhraseFinder& finder, const std::string& text) {
  Places places;
  finder.find(text, [&](const PhraseFinder::Match& match) {
    CHECK(places.emplace(match.begin, finder.phrase(match.phrase)).second);
    return true;
  });
  return places;
}

Places found_one_by_one(const std::vector<std::string>& phrases, const std::string& text) {
  Places places;
  for (const auto& phrase : phrases) {
    for (std::size_t at = text.find(phrase); at != std::string::npos; at = text.find(phrase, at + 1))
      places.emplace(at, phrase);
  }
  return places;
}

}  // namespace

TEST_CASE("phrases within phrases are all found") {
  const PhraseFinder finder({"he", "she", "his", "hers"});
  CHECK(found(finder, "ushers") == Places{{1, "she"}, {2, "he"}, {2, "hers"}});
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
  CHECK(found(PhraseFinder({"ak"}), "š a\u212A å") == Places{{3, "ak"}});  // the sign of the kelvin
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

TEST_CASE("random phrases are found where looking for one after the other finds them") {
  std::mt19937 random(7);
  const auto word = [&](std::size_t longest) {
    std::string text(1 + random() % longest, 'a');
    for (char& c : text) c = static_cast<char>('a' + random() % 3);
    return text;
  };
  for (int round = 0; round < 200; ++round) {
    std::set<std::string> phrases;
    while (phrases.size() < 6) phrases.insert(word(5));
    const std::vector<std::string> list(phrases.begin(), phrases.end());
    const std::string text = word(60);
    CHECK(found(PhraseFinder(list), text) == found_one_by_one(list, text));
  }
}
