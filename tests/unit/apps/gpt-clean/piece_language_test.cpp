#include "apps/gpt-clean/rules/piece_language.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace gpt;
using clean::Outcome;
using clean::PieceLanguageRule;
using clean::WorkingDocument;

namespace {

const std::string kSwedish = "Vi gick ner till stranden i går kväll och såg hur solen sakta försvann.";
const std::string kSwedishToo = "Barnen kastade stenar i vattnet medan måsarna skrek över klipporna.";
const std::string kEnglish = "We walked down to the beach last night and watched the sun set slowly.";
const std::string kFinnish = "Menimme eilen illalla rannalle ja katselimme auringonlaskua.";

struct Result {
  std::string text;
  Outcome outcome;
  std::string language;
};

Result result_of(PieceLanguageRule::Pieces pieces, const std::string& text) {
  PieceLanguageRule rule(pieces, {"sv", "fi"}, 0.5);
  WorkingDocument document{text, ""};
  Outcome outcome = rule.apply(document);
  return {document.text, outcome, document.language};
}

}  // namespace

TEST_CASE("lines in other languages are cut out, counted, and the first of them is shown") {
  const auto result =
      result_of(PieceLanguageRule::Pieces::lines,
                kSwedish + "\n" + kEnglish + "\n" + kFinnish + "\n" + kSwedishToo + "\n" + kEnglish);
  CHECK(result.text == kSwedish + "\n" + kFinnish + "\n" + kSwedishToo);
  CHECK(result.outcome.count == 2);
  CHECK(result.outcome.detail.find("en: We walked") == 0);
  CHECK(result.outcome.fate == Outcome::Fate::kept);
  CHECK(result.language == "sv");
}

TEST_CASE("sentences in other languages are cut out of their lines") {
  const auto result =
      result_of(PieceLanguageRule::Pieces::sentences, kSwedish + " " + kEnglish + " " + kSwedishToo);
  CHECK(result.text == kSwedish + " " + kSwedishToo);
  CHECK(result.outcome.count == 1);
}

TEST_CASE("the wider gap around what is cut out stays") {
  const auto lines =
      result_of(PieceLanguageRule::Pieces::lines, kSwedish + "\n" + kEnglish + "\n\n" + kSwedishToo);
  CHECK(lines.text == kSwedish + "\n\n" + kSwedishToo);
  const auto sentences =
      result_of(PieceLanguageRule::Pieces::sentences, kSwedish + " " + kEnglish + "\n\n" + kSwedishToo);
  CHECK(sentences.text == kSwedish + "\n\n" + kSwedishToo);
}

TEST_CASE(
    "what cannot be told goes the way of what stands before it, at the beginning of what stands behind") {
  const auto kept =
      result_of(PieceLanguageRule::Pieces::lines, "1.\n" + kSwedish + "\n12:30\n" + kEnglish + "\n42");
  CHECK(kept.text == "1.\n" + kSwedish + "\n12:30");
  CHECK(kept.outcome.count == 2);
  const auto dropped = result_of(PieceLanguageRule::Pieces::lines, "1.\n" + kEnglish);
  CHECK(dropped.text.empty());
}

TEST_CASE("a text in the languages wanted stays byte for byte, with its language noted") {
  const std::string text = kFinnish + "\n\n  " + kFinnish + "\n";
  for (const auto pieces : {PieceLanguageRule::Pieces::lines, PieceLanguageRule::Pieces::sentences}) {
    const auto result = result_of(pieces, text);
    CHECK(result.text == text);
    CHECK(result.outcome.count == 0);
    CHECK(result.language == "fi");
  }
}

TEST_CASE("without a line of a sure language the whole decides, and an empty text stays empty") {
  CHECK(result_of(PieceLanguageRule::Pieces::lines, "12\n34").text.empty());
  CHECK(result_of(PieceLanguageRule::Pieces::lines, "").outcome.count == 0);
}
