#include "apps/gpt-clean/rules/entities.hpp"

#include <doctest/doctest.h>

using gpt::clean::decode_entities;

TEST_CASE("named, decimal and hexadecimal references are decoded") {
  CHECK(decode_entities("R&auml;ksm&ouml;rg&aring;s &AElig;&Oslash;") == "Räksmörgås ÆØ");
  CHECK(decode_entities("a &lt; b &amp; c &gt; d &quot;e&quot; &apos;f&apos;") == "a < b & c > d \"e\" 'f'");
  CHECK(decode_entities("10&nbsp;kr &euro; &hellip;&mdash;&rdquo;") == "10\xC2\xA0kr € …—”");
  CHECK(decode_entities("&#229;&#xE5;&#XE5;&#128512;") == "ååå\xF0\x9F\x98\x80");
}

TEST_CASE("what was escaped twice is undone twice") {
  CHECK(decode_entities("AT&amp;amp;T") == "AT&T");
  CHECK(decode_entities("&amp;aring;") == "å");
}

TEST_CASE("numbers of Windows-1252 mean its characters") { CHECK(decode_entities("&#146;&#150;") == "’–"); }

TEST_CASE("what is no reference stays") {
  for (const char* text : {"AT&T", "&", "&;", "a & b;", "&nosuchname;", "&#;", "&#x;", "&#xZZ;", "&#0;",
                           "&#55296;", "&#1114112;", "&#99999999999;", "&auml", "?a=1&copy=2"}) {
    CAPTURE(text);
    CHECK(decode_entities(text) == text);
  }
}
