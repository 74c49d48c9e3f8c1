#include "apps/gpt-clean/rules/mojibake.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "libcommon/text/utf8.hpp"
#include "libcommon/text/windows1252.hpp"

using namespace gpt;
using clean::undo_mojibake;

namespace {

// Reads the bytes of a text as Windows-1252, as a careless program does.
std::string misread(const std::string& text) {
  std::string out;
  for (const char c : text) text::append_utf8(out, text::windows1252_point(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace

TEST_CASE("UTF-8 read as Windows-1252 is undone, once, twice and three times over") {
  const std::vector<std::string> texts = {
      "Räksmörgås på Åland, ÄÖÜ éèê", "Blåbær og rødgrød",         "Straße – „Größe“ …",
      "100 € för “allt” – så är det", "§ 5 har 20 °C och ½ liter", "Glad \xF0\x9F\x98\x80 idag",
  };
  for (const auto& text : texts) {
    CAPTURE(text);
    CHECK(undo_mojibake(misread(text)) == text);
    CHECK(undo_mojibake(misread(misread(text))) == text);
  }
  CHECK(undo_mojibake(misread(misread(misread("Smörgås")))) == "Smörgås");
}

TEST_CASE("letters beyond Latin-1 are undone where the text is surely damaged") {
  const std::string text = "Čeština i Łódź är också språk på öar";
  CHECK(undo_mojibake(misread(text)) == text);
}

TEST_CASE("sound text stays as it is") {
  for (const std::string text :
       {"Räksmörgås", "”Ö” och ”Å…” är bokstäver", "âge, château, fête – l’âme", "São João, IRMÃO, NÃO",
        "það er ðað", "", "plain ASCII", "naïve café", "Ä–Ö", "É”"}) {
    CAPTURE(text);
    CHECK(undo_mojibake(text) == text);
  }
}

TEST_CASE("damaged and sound parts of one text are told apart") {
  CHECK(undo_mojibake("Först rätt: å ä ö. Sedan fel: Ã¥ Ã¤ Ã¶.") == "Först rätt: å ä ö. Sedan fel: å ä ö.");
}

TEST_CASE("the rule counts documents it changed") {
  clean::MojibakeRule rule;
  clean::WorkingDocument damaged{"fÃ¶r", ""};
  CHECK(rule.apply(damaged).count == 1);
  CHECK(damaged.text == "för");
  CHECK(rule.apply(damaged).count == 0);
}
