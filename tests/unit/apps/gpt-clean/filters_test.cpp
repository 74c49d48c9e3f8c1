#include <string>

#include <doctest/doctest.h>

#include "apps/gpt-clean/rules/empty.hpp"
#include "apps/gpt-clean/rules/language.hpp"
#include "apps/gpt-clean/rules/min_chars.hpp"

using namespace gpt;
using clean::Outcome;
using clean::WorkingDocument;

namespace {

constexpr const char* kSwedish =
    "Vi gick ner till stranden i går kväll och såg hur solen sakta försvann bakom öarna.";
constexpr const char* kNorwegian =
    "Vi gikk ned til stranden i går kveld og så hvordan sola sakte forsvant bak øyene.";

}  // namespace

TEST_CASE("characters are counted, not bytes, and the least number is kept") {
  WorkingDocument document{"ååååå", ""};
  CHECK(clean::MinCharsRule(5).apply(document).fate == Outcome::Fate::kept);
  const auto outcome = clean::MinCharsRule(6).apply(document);
  CHECK(outcome.fate == Outcome::Fate::dropped);
  CHECK(outcome.detail == "5 characters");
}

TEST_CASE("documents without text go") {
  WorkingDocument nothing{"", ""};
  WorkingDocument something{"x", ""};
  CHECK(clean::EmptyRule().apply(nothing).fate == Outcome::Fate::dropped);
  CHECK(clean::EmptyRule().apply(something).fate == Outcome::Fate::kept);
}

TEST_CASE("the language filter keeps what is wanted and says what it found") {
  WorkingDocument swedish{kSwedish, ""};
  CHECK(clean::LanguageRule({"sv"}).apply(swedish).fate == Outcome::Fate::kept);
  CHECK(swedish.language == "sv");
  CHECK(swedish.language_confidence > 0.9);
  CHECK(clean::LanguageRule({"da", "sv"}).apply(swedish).fate == Outcome::Fate::kept);
  const auto outcome = clean::LanguageRule({"da", "fi"}).apply(swedish);
  CHECK(outcome.fate == Outcome::Fate::dropped);
  CHECK(outcome.detail == "sv");
  CHECK(clean::LanguageRule({}).apply(swedish).fate == Outcome::Fate::kept);
}

TEST_CASE("Norwegian is asked for by its written form, or as both") {
  for (const char* wanted : {"nb", "no"}) {
    WorkingDocument document{kNorwegian, ""};
    CHECK(clean::LanguageRule({wanted}).apply(document).fate == Outcome::Fate::kept);
    CHECK(document.language == "nb");
  }
  WorkingDocument document{kNorwegian, ""};
  const auto outcome = clean::LanguageRule({"nn"}).apply(document);
  CHECK(outcome.fate == Outcome::Fate::dropped);
  CHECK(outcome.detail == "nb");
}

TEST_CASE("a document is dropped where its language is less sure than asked for") {
  WorkingDocument swedish{kSwedish, ""};
  clean::LanguageRule({"sv"}).apply(swedish);
  const double sure = swedish.language_confidence;
  CHECK(clean::LanguageRule({"sv"}, sure).apply(swedish).fate == Outcome::Fate::kept);
  const auto outcome = clean::LanguageRule({"sv"}, sure + 1e-6).apply(swedish);
  CHECK(outcome.fate == Outcome::Fate::dropped);
  CHECK(outcome.detail.find("sv, confidence ") == 0);
}
