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

TEST_CASE("other encodings that UTF-8 was read in") {
  CHECK(undo_mojibake("smĂ¶rgĂĄs och ĂĽber") == "smörgås och über");  // Windows-1250
  CHECK(undo_mojibake("РџСЂРёРІРµС‚, РјРёСЂ") == "Привет, мир");      // Windows-1251
  CHECK(undo_mojibake("smГ¶rgГҐs") == "smörgås");
  CHECK(undo_mojibake("r√§ksm√∂rg√•s ‚Äì ‚Äúbra‚Äù") == "räksmörgås – “bra”");  // Mac Roman
  CHECK(undo_mojibake("r├ñksm├╢rg├Ñs f├╢r") == "räksmörgås för");               // code page 437
  CHECK(undo_mojibake("zaÅ¼Ã³Å‚Ä‡ gÄ™Å›lÄ… jaÅºÅ„") == "zażółć gęślą jaźń");
}

TEST_CASE("DOS code pages and Latin-9") {
  CHECK(undo_mojibake("r├ñksm├Ârg├Ñs, bl├©b├ªr") == "räksmörgås, bløbær");   // code page 850
  CHECK(undo_mojibake("s├ą ┼Ťwiat ÔÇô za┼╝├│┼é─ç") == "så świat – zażółć");  // code page 852
  CHECK(undo_mojibake("╨Я╤А╨╕╨▓╨╡╤В, ╨╝╨╕╤А") == "Привет, мир");             // code page 866
  CHECK(undo_mojibake("det Ã€r vÃ¥r gÃ¶k, ÃŠpple och sÃžndag") == "det är vår gök, æpple och søndag");
}

TEST_CASE("pages that show the same characters are told apart") {
  // by what is likely in a word
  CHECK(undo_mojibake("FĂśrst och mĂŚnd") == "Först och mænd");
  CHECK(undo_mojibake("der ParfĂźmeur ist fĂźr alle da") == "der Parfümeur ist für alle da");
  // by the language
  CHECK(undo_mojibake("och sĂĽ har det fĂĽr") == "och så har det får");
  CHECK(undo_mojibake("und das ist fĂĽr die") == "und das ist für die");
  // by other lines, before and after
  CHECK(undo_mojibake("sĂĽg\nfrĂśn pĂĽ rĂśr") == "såg\nfrön på rör");
  CHECK(undo_mojibake("Ã¥r") == "år");
  CHECK(undo_mojibake("MannsÃ¥ker") == "Mannsåker");
}

TEST_CASE("what was misread twice in one page is undone to the ground") {
  CHECK(undo_mojibake("frР“Тђga sig och Р“В¶ppna") == "fråga sig och öppna");
  CHECK(undo_mojibake("Det er lett Р“Тђ variere mye av dette") == "Det er lett å variere mye av dette");
}

TEST_CASE("Cyrillic words among Latin ones, where they can be nothing else") {
  CHECK(undo_mojibake("Gjerningen er ГҐ berette for verden") == "Gjerningen er å berette for verden");
  CHECK(undo_mojibake("The letter Г and the word Гість are Ukrainian") ==
        "The letter Г and the word Гість are Ukrainian");
}

TEST_CASE("a byte order mark that was misread goes back to one") {
  CHECK(undo_mojibake("ï»¿Hej på dig") == "\uFEFFHej på dig");
  CHECK(undo_mojibake("п»їПривет") == "\uFEFFПривет");
}

TEST_CASE("what was lost on the way is put back where it is clear") {
  CHECK(undo_mojibake("Ã la carte") == "à la carte");
  CHECK(undo_mojibake("voilÃ  une idÃ©e") == "voilà une idée");
  CHECK(undo_mojibake("Ã s vezes nÃ£o") == "às vezes não");
  CHECK(undo_mojibake("10Â 000 kr") == "10 000 kr");
  CHECK(undo_mojibake("han sa â€œnejâ€ och gick") == "han sa “nej” och gick");
  CHECK(undo_mojibake("han sa â€œnejâ€\xEF\xBF\xBD.") == "han sa “nej”.");
}

TEST_CASE("halves of surrogate pairs come together") {
  CHECK(undo_mojibake(misread("\xED\xA0\xBD\xED\xB8\x80")) == "\xF0\x9F\x98\x80");
}

TEST_CASE("sound text of many languages stays as it is") {
  for (const std::string text : {"Úžasný výhled, Úžas!",
                                 "Різні міста України – „Київ“",
                                 "„Ö“ und „Ü…“",
                                 "idé…” sa hon",
                                 "beauté\u00A0» dit-il",
                                 "AMANHÃ” disse",
                                 "├── docs\n│   └── man\n├─┬ src",
                                 "10 m² Å²",
                                 "İstanbul’da",
                                 "ÅÄÖ åäö",
                                 "”Å” – “Ä”",
                                 "Η Ελλάδα «είναι»",
                                 "Łódź, Święty „Żółw”",
                                 "it´s d´or",
                                 "col·legi Ó·",
                                 "日本語「テスト」",
                                 "привет «мир» – №5",
                                 "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö",
                                 "A Ą Ã B C D",
                                 "[A Ă Â B C]",
                                 "tecknen ~¬±×÷",
                                 "Ï Â LATIN CAPITAL LETTER A",
                                 "”Å…” sa han, Ö’s",
                                 "Đorđević, Łukasz Żółty",
                                 "T•Ø•R•Ü•S",
                                 "Төрекчә, İталча, Бретонӣ",
                                 "--method=МетодHTTP",
                                 "¬α ∧ ¬β",
                                 "test слово ŕáćéí"}) {
    CAPTURE(text);
    CHECK(undo_mojibake(text) == text);
  }
}

TEST_CASE("long lines without an end to their damage take linear time and lose nothing") {
  std::string damaged;
  for (int i = 0; i < 20000; ++i) damaged += "fÃ¶r ";
  std::string sound;
  for (int i = 0; i < 20000; ++i) sound += "för ";
  CHECK(undo_mojibake(damaged) == sound);
  std::string letters;
  for (int i = 0; i < 100000; ++i) letters += "Ã";
  CHECK(undo_mojibake(letters) == letters);
  std::string spaced;
  for (int i = 0; i < 100000; ++i) spaced += "Ã ";
  CHECK(undo_mojibake(spaced) == spaced);
}

TEST_CASE("C1 controls are read as Windows-1252") {
  CHECK(clean::read_c1_controls("\xC2\x93"
                                "ord\xC2\x94 \xC2\x80") == "“ord” €");
  CHECK(clean::read_c1_controls("\xC2\x81") == "\xC2\x81");
}

TEST_CASE("the rule counts documents it changed") {
  clean::MojibakeRule rule;
  clean::WorkingDocument damaged{"fÃ¶r", ""};
  CHECK(rule.apply(damaged).count == 1);
  CHECK(damaged.text == "för");
  CHECK(rule.apply(damaged).count == 0);
}
