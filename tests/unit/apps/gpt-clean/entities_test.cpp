#include "apps/gpt-clean/rules/entities.hpp"

#include <string>

#include <doctest/doctest.h>

using gpt::clean::decode_entities;

TEST_CASE("named, decimal and hexadecimal references are decoded") {
  CHECK(decode_entities("R&auml;ksm&ouml;rg&aring;s &AElig;&Oslash;") == "Räksmörgås ÆØ");
  CHECK(decode_entities("a &lt; b &amp; c &gt; d &quot;e&quot; &apos;f&apos;") == "a < b & c > d \"e\" 'f'");
  CHECK(decode_entities("10&nbsp;kr &euro; &hellip;&mdash;&rdquo;") == "10\xC2\xA0kr € …—”");
  CHECK(decode_entities("&#229;&#xE5;&#XE5;&#128512;") == "ååå\xF0\x9F\x98\x80");
}

TEST_CASE("every name of the HTML standard is known, and those of letters in capitals") {
  CHECK(decode_entities("&Jscr;ohn &HilbertSpace; &checkmark; &alpha;&Omega; &sum; &fjlig;") ==
        "\xF0\x9D\x92\xA5ohn \u210B \u2713 \u03B1\u03A9 \u2211 fj");
  CHECK(decode_entities("P&EACUTE;REZ, BUNDESSTRA&SZLIG;E, &NTILDE; &ARING;") == "PÉREZ, BUNDESSTRASSE, Ñ Å");
  CHECK(decode_entities("&nTILDE; &NOSUCH;") == "&nTILDE; &NOSUCH;");
}

TEST_CASE("the halves of a surrogate pair come together") {
  CHECK(decode_entities("&#55357;&#56832;") == "\xF0\x9F\x98\x80");
  CHECK(decode_entities("&#xD83D;&#xDE00;&#xDE00;") == "\xF0\x9F\x98\x80&#xDE00;");
  CHECK(decode_entities("&#55357;x") == "&#55357;x");
}

TEST_CASE("letters and no-break spaces are decoded without their semicolon too") {
  CHECK(decode_entities("Sm&oumlrg&aringsbord, fran&ccedilais, &Aring") == "Smörgåsbord, français, Å");
  CHECK(decode_entities("10&nbsp&nbsp;kr&nbsp") == "10\u00A0\u00A0kr\u00A0");
  for (const char* text :
       {"?a=1&aring=2", "http://a.se/?x&auml", "&nbspace", "&eth0", "&times 2", "a &lt b", "&uml"}) {
    CAPTURE(text);
    CHECK(decode_entities(text) == text);
  }
}

TEST_CASE("what was escaped several times is undone as often") {
  CHECK(decode_entities("&amp;amp;amp;amp; x &amp;amp;auml;") == "& x ä");
  CHECK(decode_entities("&am&#112;; &a&#109;p;amp; &#38;#x26;aring;") == "& & å");
  CHECK(decode_entities("&#55357;&#5683&#50;;") == "\xF0\x9F\x98\x80");
  std::string chain = "&";
  for (int i = 0; i < 100000; ++i) chain += "amp;";
  CHECK(decode_entities(chain) == "&");
  CHECK(decode_entities("AT&amp;amp;T") == "AT&T");
  CHECK(decode_entities("&amp;aring;") == "å");
}

TEST_CASE("numbers of Windows-1252 mean its characters") { CHECK(decode_entities("&#146;&#150;") == "’–"); }

TEST_CASE("what is no reference stays") {
  for (const char* text : {"AT&T", "&", "&;", "a & b;", "&nosuchname;", "&#;", "&#x;", "&#xZZ;", "&#0;",
                           "&#55296;", "&#1114112;", "&#99999999999;", "?a=1&copy=2"}) {
    CAPTURE(text);
    CHECK(decode_entities(text) == text);
  }
}
