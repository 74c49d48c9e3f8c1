#include "libcommon/text/sentences.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace gpt::text;

namespace {

// Splits a text in which '|' marks the wanted boundaries, and shows the boundaries found in the same way.
std::string split(const std::string& language, std::string marked,
                  Newlines newlines = Newlines::end_sentences) {
  std::string text;
  for (std::size_t at = 0; at < marked.size(); ++at) {
    if (marked.compare(at, 2, "| ") == 0) continue;
    text += marked[at];
  }
  REQUIRE(find_prefix_list(language).has_value());
  std::string found;
  for (const auto sentence : SentenceSplitter(language, newlines).split(text)) {
    if (!found.empty()) found += "| ";
    found += sentence;
  }
  return found;
}

void check(const std::string& language, const std::vector<std::string>& samples) {
  for (const auto& sample : samples) CHECK(split(language, sample) == sample);
}

}  // namespace

TEST_CASE("Swedish sentences") {
  check("sv", {
                  "Det regnade hela dagen.| Vi stannade inne.| Kom du också?| Nej!| Jag var borta.",
                  "Han köpte t.ex. äpplen, päron m.m. på torget.| Sedan gick han hem.",
                  "Se bl.a. Svensson (1998) och dr. Åkesson.| De är eniga.",
                  "Boken av A. I. Lindgren, tr. 1950, är slut.| Beställ den.",
                  "Mötet är kl. 10.30 i rum nr. 5.| Välkomna!",
                  "Priset steg 3.5 procent.| År 1990 var det lägre.",
                  "Det var 1995.| 200 personer kom.",
                  "”Kommer du?” frågade hon.| ”Ja.”| Han reste sig.",
                  "Hon log (hon visste allt!).| Sedan gick hon.",
                  "Jag vet inte ... kanske i morgon.| Eller …| Nej.",
                  "De kom, bl.a.| Det hade ingen väntat.",
                  "Adressen är www.exempel.se/a.b.| Skriv den.",
                  "Du har rätt :)| Vi ses i morgon.",
              });
}

TEST_CASE("Danish and Norwegian sentences with ordinals") {
  check("da", {
                  "Den 1. januar begynder det.| Mødet er d. 5. maj kl. 12.",
                  "Han bor på 3. sal.| Det er højt oppe.",
                  "Dr.phil. Hansen kom.| Alle klappede.",
                  "Christian 4.| Han var konge.",
              });
  check("nb", {
                  "Den 17. mai feires hvert år.| Alle går i tog.",
                  "Han sa det slik:| «Jeg kommer.»| Så gikk han.",
                  "Bind 2. utgave er utsolgt, f.eks. Oslo har ingen.",
              });
  check("nn", {"Eg kom den 3. juni.| Ho kom ikkje, m.a. fordi ho var sjuk.| No er me her."});
}

TEST_CASE("Finnish sentences") {
  check("fi", {
                  "Tavataan 6. joulukuuta klo 18.| Tervetuloa!",
                  "Hän syntyi v. 1920 Turussa.| Isä oli mm. opettaja.",
                  "Prof. Virtanen puhui.| Yleisö kuunteli esim. Helsingissä.",
                  "Oi kyllä.:)| Nähdään pian.",
              });
}

TEST_CASE("German sentences") {
  check("de", {
                  "Am 3. Oktober ist Feiertag.| Die Läden sind zu.",
                  "Das kostet z.B. Geld, d.h. Arbeit.| Wer zahlt?",
                  "Im 19. Jahrhundert lebte Dr. Müller hier.| Er blieb.",
                  "„Komm!“| Sie ging.",
              });
}

TEST_CASE("English sentences") {
  check("en", {
                  "Mr. Smith met J. R. Brown at 5 p.m. on Monday.| They talked.",
                  "He lives in the U.S. and works a lot.| See Fig. 3 for details.",
                  "i am here.| where are you?| come soon.",
              });
}

TEST_CASE("who writes no capitals still ends sentences") {
  CHECK(SentenceSplitter("en").split("i am here. where are you? come soon.").size() == 3);
  CHECK(SentenceSplitter("en").split("I use ca. five. words").size() == 1);
  CHECK(SentenceSplitter("en").split("Any other use is prohibited. just call me").size() == 2);
}

TEST_CASE("a heading that ran into its text ends before a word that begins sentences") {
  check("sv", {
                  "Nya utmaningar| Det finns många sätt att börja.",
                  "SENASTE NYTT| Hon kom hem i går.",
                  "Den store dagen| - Jag är så glad, sade hon.",
                  "Han läste Det Bästa och En handbok.",
                  "Chefen för Den nya tidningen kom.",
                  "Är det så?| Det, menar hon, är sant.",
              });
  check("da", {"GEOLOGI| I gennemsnit ryger der ti par sko.", "Kan I komme?"});
  check("fi", {"Koruja ja kelloja| Tässä kuussa niitä on paljon."});
  check("en", {"Plans for June| There will be a party.", "The film It Happened One Night is old."});
}

TEST_CASE("boundaries by ICU, or at line ends alone") {
  const std::string text = "Det kom t.ex. Anna. Hon gick.\nSlut";
  CHECK(SentenceSplitter(SentenceMode::newline, "sv").split(text) ==
        std::vector<std::string_view>{"Det kom t.ex. Anna. Hon gick.", "Slut"});
  CHECK(SentenceSplitter(SentenceMode::rules, "sv").split(text).size() == 3);
  CHECK(SentenceSplitter(SentenceMode::icu, "sv").split(text) ==
        SentenceSplitter("sv", Newlines::end_sentences, std::nullopt).split(text));
}

TEST_CASE("white space may stay with the sentence before it") {
  const auto kept = SentenceSplitter("sv").split(" Ja.  Nej. \n\n", Surroundings::kept);
  CHECK(kept == std::vector<std::string_view>{" Ja.  ", "Nej. \n\n"});
  CHECK(SentenceSplitter("sv").split(" \n", Surroundings::kept).empty());
}

TEST_CASE("languages by name") {
  CHECK(language_code_of_name("swedish") == "sv");
  CHECK(language_code_of_name("no") == "nb");
  CHECK(language_code_of_name("fi") == "fi");
  CHECK_FALSE(language_code_of_name("Klingon").has_value());
}

TEST_CASE("list numbers stay with their line") {
  const auto sentences = SentenceSplitter("sv").split("1. Installera paketen. Starta om.\n2. Klart.");
  CHECK(sentences == std::vector<std::string_view>{"1. Installera paketen.", "Starta om.", "2. Klart."});
}

TEST_CASE("a line end is a boundary or a space") {
  const std::string text = "En rubrik\nEn mening som\ngår vidare. Slut.";
  CHECK(SentenceSplitter("sv", Newlines::end_sentences).split(text).size() == 4);
  CHECK(SentenceSplitter("sv", Newlines::are_spaces).split(text).size() == 2);
}

TEST_CASE("nothing comes of nothing") {
  CHECK(SentenceSplitter("sv").split("").empty());
  CHECK(SentenceSplitter("sv").split(" \n\t\xC2\xA0 ").empty());
  CHECK(SentenceSplitter("sv").split("...").size() == 1);
  CHECK(SentenceSplitter("sv").split("ord").size() == 1);
}

TEST_CASE("a language without a list is split by ICU") {
  REQUIRE_FALSE(find_prefix_list("es").has_value());
  const auto sentences = SentenceSplitter("es").split("Llueve mucho. ¿Vienes? ¡Claro!\nUna línea");
  CHECK(sentences == std::vector<std::string_view>{"Llueve mucho.", "¿Vienes?", "¡Claro!", "Una línea"});
}

TEST_CASE("sentences cover every visible character in order") {
  const std::string text = "\" . ((( 5. )) 1. a. b. ... ?! :) ;-) . . .\n\n«x.»y. …… Å. \xF0\x9F\x98\x80. Z";
  for (const char* language : {"sv", "da", "nb", "nn", "fi", "de", "en"}) {
    std::string joined;
    for (const auto sentence : SentenceSplitter(language).split(text)) joined += sentence;
    std::erase(joined, ' ');
    std::string wanted = text;
    std::erase(wanted, ' ');
    std::erase(wanted, '\n');
    CHECK(joined == wanted);
  }
}

TEST_CASE("long texts of one kind take time in proportion") {
  for (const std::string& piece : {std::string("a."), std::string("1. "), std::string("("), std::string(". "),
                                   std::string("\xE2\x80\xA6"), std::string(": "), std::string("a. "),
                                   std::string("!"), std::string(".\""), std::string(":)")}) {
    std::string text;
    while (text.size() < 300'000) text += piece;
    CHECK_FALSE(SentenceSplitter("nb").split(text).empty());
    CHECK_FALSE(SentenceSplitter("nb").split(text + "a").empty());
  }
}

TEST_CASE("lists in Moses's form: a word a line, some for numbers alone") {
  const std::string list = "# Titles\nDr\nProf\n\nNo #NUMERIC_ONLY#\n";
  SentenceSplitter splitter("en", Newlines::are_spaces, parse_prefix_list_or_throw(list, "moses.en"));
  const std::string text = "Ask Dr. Smith about No. 5. He said No. We left.";
  const std::vector<std::string_view> wanted = {"Ask Dr. Smith about No. 5.", "He said No.", "We left."};
  CHECK(splitter.split(text) == wanted);
}

TEST_CASE("a damaged prefix list is refused with its place") {
  CHECK_THROWS_WITH(parse_prefix_list_or_throw("ordinals-have-dots\n[tittles]\n", "x.txt"),
                    "x.txt:2: unknown section [tittles]");
  CHECK_THROWS_WITH(parse_prefix_list_or_throw("dr prof", "x.txt"),
                    doctest::Contains("x.txt:1: 'dr prof' is no setting"));
  const PrefixList list =
      parse_prefix_list_or_throw("[titles] # names follow\nDr  prof\n\n[openers]\nÅ", "x.txt");
  CHECK(list.titles.contains("dr"));
  CHECK(list.titles.contains("prof"));
  CHECK(list.openers.contains("å"));
}
