#include <string>

#include <doctest/doctest.h>

#include "apps/gpt-clean/rules/sentences.hpp"

using namespace gpt::clean;

namespace {

const std::string kText =
    "Hej. Det här är en längre mening. Ja!\n\nNy rubrik\nKort. Och en mening till på samma rad.";

}  // namespace

TEST_CASE("short sentences go and the layout of the others stays") {
  SentencesRule rule(10, SentenceLayout::as_before, "sv");
  WorkingDocument document{kText, ""};
  const auto outcome = rule.apply(document);
  CHECK(outcome.count == 4);
  CHECK(outcome.detail == "Hej.");
  CHECK(outcome.fate == Outcome::Fate::kept);
  CHECK(document.text == "Det här är en längre mening.\n\nOch en mening till på samma rad.");
}

TEST_CASE("the least number of characters is kept, one fewer goes") {
  WorkingDocument document{"Åååå. Ååååå.", ""};
  SentencesRule rule(6, SentenceLayout::as_before, "sv");
  CHECK(rule.apply(document).count == 1);
  CHECK(document.text == "Ååååå.");
}

TEST_CASE("one sentence a line") {
  SentencesRule rule(0, SentenceLayout::one_a_line, "sv");
  WorkingDocument document{kText, ""};
  CHECK(rule.apply(document).count == 0);
  CHECK(document.text ==
        "Hej.\nDet här är en längre mening.\nJa!\nNy rubrik\nKort.\nOch en mening till på samma rad.");
}

TEST_CASE("nothing may be left") {
  SentencesRule rule(100, SentenceLayout::as_before, "sv");
  WorkingDocument document{kText, ""};
  CHECK(rule.apply(document).count == 6);
  CHECK(document.text.empty());
}

TEST_CASE("the document's own language decides where none is given") {
  SentencesRule rule(0, SentenceLayout::one_a_line, "");
  WorkingDocument german{"Am 3. Oktober war ich z.B. Wandern.", "de"};
  rule.apply(german);
  CHECK(german.text == "Am 3. Oktober war ich z.B. Wandern.");
  WorkingDocument unknown{"Llueve. Mucho.", "und"};
  rule.apply(unknown);
  CHECK(unknown.text == "Llueve.\nMucho.");
}
