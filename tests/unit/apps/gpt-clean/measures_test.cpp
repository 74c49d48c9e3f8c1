#include <string>

#include <doctest/doctest.h>

#include "tests/unit/apps/gpt-clean/one_rule.hpp"

using namespace gpt::clean::testing;

TEST_CASE("word-count counts what has a letter or a digit, both limits allowed") {
  CHECK(measure("word-count", "ett – två 3 *** !") == 3);
  CHECK(keeps("word-count min=3 max=5", words(1, 3)));
  CHECK(keeps("word-count min=3 max=5", words(1, 5)));
  CHECK_FALSE(keeps("word-count min=3 max=5", words(1, 2)));
  CHECK_FALSE(keeps("word-count min=3 max=5", words(1, 6)));
  CHECK(keeps("word-count", words(1, 50)));
  CHECK_FALSE(keeps("word-count", words(1, 49)));
  CHECK(keeps("word-count min=none", ""));
  CHECK(judge("word-count", "ett").outcome.detail == "1, less than 50");
}

TEST_CASE("documents with fewer words than from-words are not judged") {
  CHECK(keeps("word-count min=1 max=3 from-words=6", words(1, 5)));
  CHECK_FALSE(keeps("word-count min=1 max=3 from-words=6", words(1, 6)));
}

TEST_CASE("mean-word-length is in characters, of words alone") {
  CHECK(measure("mean-word-length", "åå ööö – ...") == 2.5);
  CHECK(measure("mean-word-length", "– …") == -1);
  CHECK(keeps("mean-word-length min=2.5", "åå ööö"));
  CHECK_FALSE(keeps("mean-word-length min=2.6", "åå ööö"));
  CHECK_FALSE(keeps("mean-word-length", "abcdefghijk"));
  CHECK(keeps("mean-word-length", "abcdefghij"));
}

TEST_CASE("alphabetic-words is the share of all runs that hold a letter") {
  CHECK(measure("alphabetic-words", "ett två tre fyra 5") == 0.8);
  CHECK(keeps("alphabetic-words", "ett två tre fyra 5"));
  CHECK_FALSE(keeps("alphabetic-words", "ett två tre 4 –"));
  CHECK(keeps("alphabetic-words", ""));
}

TEST_CASE("symbol-words is the greater of hashes and ellipses to each word") {
  CHECK(measure("symbol-words", "#a #b c d") == 0.5);
  CHECK(measure("symbol-words", "a... b… c #d") == 0.5);
  CHECK(measure("symbol-words", "a......b") == 2);
  CHECK(keeps("symbol-words", words(1, 9) + " #"));
  CHECK_FALSE(keeps("symbol-words", words(1, 8) + " #"));
}

TEST_CASE("urls counts addresses, each once") {
  CHECK(measure("urls", "se https://www.example.org och www.example.com nu") == 0.4);
  CHECK(keeps("urls", words(1, 9) + " http://a.example"));
  CHECK_FALSE(keeps("urls", words(1, 8) + " http://a.example"));
}

TEST_CASE("digits is their share of the visible characters") {
  CHECK(measure("digits", "åäö 1 2") == 0.4);
  CHECK(keeps("digits", "abcd 1"));
  CHECK_FALSE(keeps("digits", "abc 1"));
}

TEST_CASE("bullet-lines and ellipsis-lines leave blank lines out") {
  CHECK(measure("bullet-lines", "- ett\n\n  • två\ntre\n– fyra") == 0.75);
  CHECK(keeps("bullet-lines max=0.75", "- ett\n• två\ntre\n– fyra"));
  CHECK_FALSE(keeps("bullet-lines", "- ett\n- två"));
  CHECK(measure("ellipsis-lines", "ett ...\n\ntvå… \ntre…!\nfyra") == 0.5);
  CHECK(keeps("ellipsis-lines max=0.5", "ett...\ntvå"));
  CHECK_FALSE(keeps("ellipsis-lines", "ett...\ntvå"));
}

TEST_CASE("line-punctuation, short-lines and line-breaks tell text from lists") {
  CHECK(measure("line-punctuation", "Ja.\nNej\n”Jo”\nVa?") == 0.5);
  CHECK(measure("line-punctuation marks=.,?,”", "Ja.\nNej\n”Jo”\nVa?") == 0.75);
  CHECK(keeps("line-punctuation min=0.5", "Ja.\nNej"));
  CHECK_FALSE(keeps("line-punctuation min=0.51", "Ja.\nNej"));
  const std::string exactly30 = repeated("å", 30);
  CHECK(measure("short-lines", exactly30 + "\n" + exactly30 + "å") == 0.5);
  CHECK(measure("short-lines characters=31", exactly30 + "\n" + exactly30 + "å") == 1);
  CHECK_FALSE(keeps("short-lines", "kort\nkort igen"));
  CHECK(measure("line-breaks", "ett två\ntre fyra") == 0.25);
  CHECK(keeps("line-breaks max=0.25", "ett två\ntre fyra"));
  CHECK_FALSE(keeps("line-breaks max=0.24", "ett två\ntre fyra"));
}

TEST_CASE("stop-words counts different ones, in whatever case and between punctuation") {
  CHECK(measure("stop-words", "The cat, \"and\" THE dog (to)") == 3);
  CHECK(keeps("stop-words", "Of mice and men"));
  CHECK_FALSE(keeps("stop-words", "the the the cat"));
  CHECK(measure("stop-words", "then android other", "und") == 0);
  CHECK(measure("stop-words words=räka,Ål", "RÄKA ål skål") == 2);
}

TEST_CASE("stop-words takes the list of the document's language") {
  CHECK(keeps("stop-words", "Det var en gång och det är sant", "sv"));
  CHECK_FALSE(keeps("stop-words", "Kontakt Om Kundvagn Sortiment Hem Logga", "sv"));
  CHECK_FALSE(keeps("stop-words", "Dette skjedde kanskje", "is"));
  CHECK(keeps("stop-words", "Ik weet niets", "xx"));
  for (const char* language :
       {"sv", "da", "nb", "nn", "no", "fi", "is", "fo", "de", "en", "nl", "fr", "es"}) {
    CAPTURE(language);
    CHECK(measure("stop-words", "zzz", language) == 0);  // there is a list
  }
}

TEST_CASE("nordic-letters judges Nordic languages alone") {
  CHECK(measure("nordic-letters", "åäöÅ xy 12.", "sv") == doctest::Approx(4.0 / 6));
  CHECK(measure("nordic-letters", "åäö", "de") == -1);
  CHECK_FALSE(keeps("nordic-letters", repeated("a", 999) + "ø", "da"));
  CHECK(keeps("nordic-letters", repeated("a", 997) + "øøø", "da"));
}

TEST_CASE("sentence-count goes by the rules of the language") {
  CHECK(measure("sentence-count", "Det kostar t.ex. tio kr. Ja? Nej!", "sv") == 3);
  CHECK(keeps("sentence-count", "One. Two. Three."));
  CHECK_FALSE(keeps("sentence-count", "One. Two."));
}
