#include <string>

#include <doctest/doctest.h>

#include "apps/gpt-clean/rules/sentences.hpp"

using namespace gpt::clean;

namespace {

const std::string kText =
    "Hej. Det här är en längre mening. Ja!\n\nNy rubrik\nKort. Och en mening till på samma rad.";

}  // namespace

TEST_CASE("short sentences go and the layout of the others stays") {
  SentencesRule rule("min-chars-per-sentence", {.least_chars = 10}, "sv");
  WorkingDocument document{kText, ""};
  const auto outcome = rule.apply(document);
  CHECK(outcome.count == 4);
  CHECK(outcome.detail == "Hej.");
  CHECK(outcome.fate == Outcome::Fate::kept);
  CHECK(document.text == "Det här är en längre mening.\n\nOch en mening till på samma rad.");
}

TEST_CASE("a line that goes leaves no blank line") {
  WorkingDocument document("Den första raden.\nKort.\nDen sista raden.");
  SentencesRule rule("min-chars-per-sentence", {.least_chars = 10}, "sv");
  CHECK(rule.apply(document).count == 1);
  CHECK(document.text == "Den första raden.\nDen sista raden.");
}

TEST_CASE("the least number of characters is kept, one fewer goes") {
  WorkingDocument document{"Åååå. Ååååå.", ""};
  SentencesRule rule("min-chars-per-sentence", {.least_chars = 6}, "sv");
  CHECK(rule.apply(document).count == 1);
  CHECK(document.text == "Ååååå.");
}

TEST_CASE("one sentence a line") {
  SplitSentencesRule rule("sv");
  WorkingDocument document{kText, ""};
  CHECK(rule.apply(document).count == 1);
  CHECK(document.text ==
        "Hej.\nDet här är en längre mening.\nJa!\nNy rubrik\nKort.\nOch en mening till på samma rad.");
}

TEST_CASE("a sentence does not run into the one that comes to stand behind it") {
  // "vers. 12" is one sentence, though each of both was one
  WorkingDocument document("Det står i vers. Nej! 12 bröder åt där.");
  SentencesRule rule("min-chars-per-sentence", {.least_chars = 5}, "sv");
  CHECK(rule.apply(document).count == 1);
  CHECK(document.text == "Det står i vers.\n12 bröder åt där.");
  SplitSentencesRule split("sv");
  CHECK(split.apply(document).count == 0);
}

TEST_CASE("nothing may be left") {
  SentencesRule rule("min-chars-per-sentence", {.least_chars = 100}, "sv");
  WorkingDocument document{kText, ""};
  CHECK(rule.apply(document).count == 6);
  CHECK(document.text.empty());
}

TEST_CASE("the document's own language decides where none is given") {
  SplitSentencesRule rule("");
  WorkingDocument german{"Am 3. Oktober war ich z.B. Wandern.", "de"};
  rule.apply(german);
  CHECK(german.text == "Am 3. Oktober war ich z.B. Wandern.");
  WorkingDocument unknown{"Llueve. Mucho.", "und"};
  rule.apply(unknown);
  CHECK(unknown.text == "Llueve.\nMucho.");
}

TEST_CASE("the greatest number of characters is kept, one more goes") {
  WorkingDocument document("Åååå. Ååååå.");
  SentencesRule rule("max-chars-per-sentence", {.most_chars = 5}, "sv");
  const auto outcome = rule.apply(document);
  CHECK(outcome.count == 1);
  CHECK(outcome.detail == "Ååååå.");
  CHECK(document.text == "Åååå.");
}

TEST_CASE("sentences with too few words go; signs alone are no words") {
  WorkingDocument document("Nej tack då. – Inte nu! Ett, två, tre.");
  SentencesRule rule("min-words-per-sentence", {.least_words = 3}, "sv");
  CHECK(rule.apply(document).count == 1);
  CHECK(document.text == "Nej tack då. Ett, två, tre.");
}
