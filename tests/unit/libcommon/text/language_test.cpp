#include "libcommon/text/language.hpp"

#include <string>

#include <doctest/doctest.h>

#include "libcommon/text/language_cld2.hpp"
#include "libcommon/text/utf8.hpp"

using namespace gpt::text;

namespace {

struct Sample {
  const char* language;
  const char* text;
};

// A sentence of some length in each language that the model knows.
constexpr Sample kSentences[] = {
    {"sv", "Vi gick ner till stranden i går kväll och såg hur solen sakta försvann bakom öarna."},
    {"da", "Vi gik ned til stranden i aftes og så, hvordan solen langsomt forsvandt bag øerne."},
    {"nb", "Vi gikk ned til stranden i går kveld og så hvordan sola sakte forsvant bak øyene."},
    {"nn", "Vi gjekk ned til stranda i går kveld og såg korleis sola sakte kvarv bak øyane."},
    {"is", "Við gengum niður á ströndina í gærkvöldi og sáum hvernig sólin hvarf hægt á bak við eyjarnar."},
    {"fo",
     "Vit gingu oman á sandin í gjárkvøldið og sóu, hvussu sólin hvarv spakuliga aftanfyri oyggjarnar."},
    {"fi", "Menimme eilen illalla rannalle ja katselimme, kuinka aurinko laski hitaasti saarten taakse."},
    {"se", "Mii vácciimet ikte eahkedis gáddái ja oinniimet movt beaivváš luoittádii sulluid duohkái."},
    {"de", "Wir gingen gestern Abend zum Strand hinunter und sahen, wie die Sonne hinter den Inseln sank."},
    {"en", "We walked down to the beach last night and watched the sun set slowly behind the islands."},
    {"nl", "We liepen gisteravond naar het strand en zagen hoe de zon langzaam achter de eilanden zakte."},
    {"fr", "Nous sommes descendus à la plage hier soir et nous avons vu le soleil disparaître lentement."},
    {"es", "Anoche bajamos a la playa y vimos cómo el sol desaparecía despacio detrás de las islas."},
    {"it", "Ieri sera siamo scesi in spiaggia e abbiamo visto il sole sparire lentamente dietro le isole."},
    {"pt", "Ontem à noite descemos à praia e vimos o sol desaparecer devagar atrás das ilhas."},
    {"pl", "Wczoraj wieczorem zeszliśmy na plażę i patrzyliśmy, jak słońce powoli znika za wyspami."},
    {"et", "Läksime eile õhtul alla randa ja vaatasime, kuidas päike aeglaselt saarte taha kadus."},
};

}  // namespace

TEST_CASE("a sentence of each language is identified, in capitals too") {
  const LanguageIdentifier identifier;
  for (const Sample& sample : kSentences) {
    CAPTURE(sample.text);
    const IdentifiedLanguage found = identifier.identify(sample.text);
    CHECK(found.code == sample.language);
    CHECK(found.confidence > 0.8);
    CHECK(found.confidence <= 1.0);
  }
  CHECK(identifier.identify("VI GICK NER TILL STRANDEN I GÅR KVÄLL").code == "sv");
}

TEST_CASE("short lines of Scandinavian neighbours are told apart") {
  const LanguageIdentifier identifier;
  CHECK(identifier.identify("Båtarna väntar och måsarna sover").code == "sv");
  CHECK(identifier.identify("Noen ble igjen, hva med deg?").code == "nb");
  CHECK(identifier.identify("Nokre vart att, kva med deg?").code == "nn");
  CHECK(identifier.identify("Hvad blev der af ham?").code == "da");
  CHECK(identifier.identify("Eg veit ikkje").code == "nn");
  CHECK(identifier.identify("Jeg vet ikke").code == "nb");
  CHECK(identifier.identify("Det ved jeg ikke").code == "da");
  CHECK(identifier.identify("Det vet jag inte").code == "sv");
}

TEST_CASE("capitals, and spelling without the letters that English lacks, hide no language") {
  const LanguageIdentifier identifier;
  CHECK(identifier.identify("VI GIK NED TIL STRANDEN I AFTES OG SÅ SOLEN FORSVINDE").code == "da");
  CHECK(identifier.identify("VI GJEKK NED TIL STRANDA OG SÅG KORLEIS SOLA KVARV").code == "nn");
  CHECK(identifier.identify("Vi gick ner till stranden i gaar kvaell och saag hur solen foersvann").code ==
        "sv");
  CHECK(identifier.identify("vi gick ner till stranden i gar kvall och sag hur solen forsvann").code == "sv");
  CHECK(identifier.identify("Vi gikk ned til stranden og saa hvordan sola forsvant bak oeyene").code == "nb");
  CHECK(identifier.identify("Wir gingen fuer eine Stunde ueber die Bruecke zu den Haeusern").code == "de");
}

TEST_CASE("a long document is in the language of most of it, whatever its preface") {
  std::string preface;
  for (int i = 0; i < 8; ++i) preface += "This book may be copied and given to others, with this notice. ";
  const LanguageIdentifier identifier;
  for (const Sample& sample : kSentences) {
    std::string document = preface;
    for (int i = 0; i < 100; ++i) document += std::string(sample.text) + " ";
    CAPTURE(sample.text);
    CHECK(identifier.identify(document).code == sample.language);
  }
}

TEST_CASE("a passage in another language does not carry the document, and lowers its confidence") {
  const std::string english =
      "The ferry to the island leaves twice a day, and in winter only when the weather allows it. Whoever "
      "wants "
      "to stay over night has to call the landlady before noon, since she does the shopping on the mainland. "
      "There is one road, a shop that opens in summer, and a lighthouse that can be visited on Sundays.\n";
  const std::string swedish =
      "Vi gick ner till stranden i går kväll och såg hur solen sakta försvann bakom öarna, och sedan gick vi "
      "hem igen längs den gamla vägen.\n";
  const LanguageIdentifier identifier;
  const IdentifiedLanguage mixed = identifier.identify(english + swedish + english);
  CHECK(mixed.code == "en");
  CHECK(mixed.confidence > 0.7);
  CHECK(mixed.confidence < 0.95);
  CHECK(identifier.identify(swedish + swedish + english + swedish).code == "sv");
  CHECK(identifier.identify(english + english).confidence > 0.99);
}

TEST_CASE("of a document in both kinds of Norwegian the kind of most of it is told") {
  const std::string bokmaal =
      "Vi gikk ned til stranden i går kveld og så hvordan sola sakte forsvant bak øyene. ";
  const std::string nynorsk =
      "Vi gjekk ned til stranda i går kveld og såg korleis sola sakte kvarv bak øyane. ";
  const LanguageIdentifier identifier;
  CHECK(identifier.identify(bokmaal + bokmaal + bokmaal + nynorsk).code == "nb");
  CHECK(identifier.identify(bokmaal + nynorsk + nynorsk + nynorsk).code == "nn");
}

TEST_CASE("a name or a lone word is nothing to be sure of") {
  const LanguageIdentifier identifier;
  for (const char* text : {"Oslo", "Erik Larsson", "Hei", "Tak"}) {
    CAPTURE(text);
    CHECK(identifier.identify(text).confidence < 0.8);
  }
}

TEST_CASE("what has no letters has no language") {
  const LanguageIdentifier identifier;
  CHECK(identifier.identify("12 34 56").code == "und");
  CHECK(identifier.identify("").code == "und");
  CHECK(identifier.identify("").confidence == 0.0);
}

TEST_CASE("other languages are CLD2's, none in a build without it") {
  const LanguageIdentifier identifier;
  const bool has_cld2 = identify_by_cld2("The beach was empty last night.").has_value();
  const std::string russian =
      identifier.identify("Вчера вечером мы спустились к берегу и смотрели на море.").code;
  const std::string hungarian =
      identifier
          .identify(
              "Tegnap este lementünk a partra, és néztük, ahogy a nap lassan eltűnik a szigetek mögött.")
          .code;
  CHECK(russian == (has_cld2 ? "ru" : "und"));
  CHECK(hungarian == (has_cld2 ? "hu" : "und"));
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
  CHECK(language_matches("nb", "no"));
  CHECK(language_matches("nn", "no"));
  CHECK_FALSE(language_matches("nn", "nb"));
  CHECK_FALSE(language_matches("und", "no"));
}
