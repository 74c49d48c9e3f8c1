#include "libcommon/text/language.hpp"

#include <string>

#include <doctest/doctest.h>

#include "libcommon/text/scandinavian.hpp"
#include "libcommon/text/utf8.hpp"

using namespace gpt::text;

TEST_CASE("languages with long texts are told apart") {
  if (!LanguageIdentifier::available()) {
    MESSAGE("SKIPPED: built without CLD2");
    CHECK_THROWS_WITH(LanguageIdentifier{}, doctest::Contains("CLD2"));
    return;
  }
  const LanguageIdentifier identifier;
  CHECK(identifier
            .identify("Vi gick ner till stranden i går kväll och såg hur solen sakta försvann bakom öarna "
                      "medan barnen kastade stenar i vattnet.")
            .code == "sv");
  CHECK(identifier
            .identify("Vi gik ned til stranden i aftes og så, hvordan solen langsomt forsvandt bag øerne, "
                      "mens børnene kastede sten i vandet.")
            .code == "da");
  CHECK(identifier
            .identify("Vi gikk ned til stranden i går kveld og så hvordan sola sakte forsvant bak øyene "
                      "mens barna kastet steiner i vannet.")
            .code == "no");
  CHECK(identifier
            .identify("Menimme eilen illalla rannalle ja katselimme, kuinka aurinko laski hitaasti saarten "
                      "taakse lasten heitellessä kiviä veteen.")
            .code == "fi");
  const auto english = identifier.identify(
      "We walked down to the beach last night and watched the sun set slowly "
      "behind the islands while the children threw stones.");
  CHECK(english.code == "en");
  CHECK(english.confidence > 0.8);
  CHECK(identifier.identify("12 34 56").code == "und");
  CHECK(identifier.identify("").code == "und");
}

TEST_CASE("a sample is bounded, valid, and comes from all over the text") {
  std::string text = "början ";
  for (int i = 0; i < 5000; ++i) text += i == 2500 ? "mittenordet " : "ååå ";
  text += "slutet";
  const std::string sample = sample_of(text, 3000);
  CHECK(sample.size() <= 3000);
  CHECK(is_valid_utf8(sample));
  CHECK(sample.find("början") == 0);
  CHECK(sample.find("mittenordet") != std::string::npos);
  CHECK(sample.ends_with("slutet"));
  CHECK(sample_of("kort", 3000) == "kort");
}

TEST_CASE("a sample of a text without spaces is cut between code points") {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "漢";
  const std::string sample = sample_of(text, 1000);
  CHECK(sample.size() <= 1000);
  CHECK(sample.size() > 900);
  CHECK(is_valid_utf8(sample));
}

TEST_CASE("Norwegian answers to both of its written forms") {
  CHECK(language_matches("sv", "sv"));
  CHECK_FALSE(language_matches("sv", "da"));
  CHECK(language_matches("no", "nb"));
  CHECK(language_matches("no", "nn"));
  CHECK(language_matches("nn", "no"));
  CHECK_FALSE(language_matches("nn", "nb"));
  CHECK_FALSE(language_matches("und", "no"));
}

TEST_CASE("a short text of a Scandinavian neighbour is corrected, evidence on both sides is not") {
  CHECK(correct_scandinavian("no", "Båtarna väntar och måsarna sover") == "sv");
  CHECK(correct_scandinavian("da", "Noen ble igjen, hva med deg?") == "no");
  CHECK(correct_scandinavian("no", "Hvad blev der af ham?") == "da");
  CHECK(correct_scandinavian("sv", "Bøker på øya") == "no");
  CHECK(correct_scandinavian("da", "Hvad sagde han? ”Och då?”") == "da");
  CHECK(correct_scandinavian("no", "") == "no");
  CHECK(correct_scandinavian("da", "MÅSKE ÄR DET") == "da");
}
