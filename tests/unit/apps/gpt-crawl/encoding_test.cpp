#include "apps/gpt-crawl/extract/encoding.hpp"

#include <string>

#include <doctest/doctest.h>

#include "libcommon/text/utf8.hpp"

using gpt::crawl::charset_of_content_type;
using gpt::crawl::charset_of_meta;
using gpt::crawl::decode_page;
using namespace std::string_literals;

TEST_CASE("charset of a header") {
  CHECK(charset_of_content_type("text/html; charset=UTF-8") == "utf-8");
  CHECK(charset_of_content_type("text/html;charset=\"iso-8859-1\"") == "iso-8859-1");
  CHECK(charset_of_content_type("text/html; Charset = 'koi8-r' ; x=y") == "koi8-r");
  CHECK(charset_of_content_type("text/html").empty());
  CHECK(charset_of_content_type("text/html; charset=").empty());
}

TEST_CASE("charset of a meta element") {
  CHECK(charset_of_meta("<html><meta charset=utf-8>") == "utf-8");
  CHECK(charset_of_meta("<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=ISO-8859-15'>") ==
        "iso-8859-15");
  CHECK(charset_of_meta("<?xml version=\"1.0\" encoding=\"windows-1251\"?><html>") == "windows-1251");
  CHECK(charset_of_meta("<!-- <meta charset=koi8-r> --><meta charset=big5>") == "big5");
  CHECK(charset_of_meta("<meta charset=utf-16le>") == "utf-8");
  CHECK(charset_of_meta("<meta name=viewport content='width=1'><p>charset=latin1</p>").empty());
  CHECK(charset_of_meta("<!-- never closed <meta charset=koi8-r>").empty());
  CHECK(charset_of_meta("<meta").empty());
}

TEST_CASE("mark before header before meta") {
  CHECK(decode_page("\xEF\xBB\xBF"
                    "\xC3\xA5",
                    "text/html; charset=windows-1251")
            .utf8 == "\xC3\xA5");
  CHECK(decode_page("\xFF\xFE\xE5\x00\x3D\xD8\x00\xDE"s, "").utf8 == "\xC3\xA5\xF0\x9F\x98\x80");
  CHECK(decode_page("\xFE\xFF\x00\xE5"s, "text/html; charset=utf-8").utf8 == "\xC3\xA5");
  CHECK(decode_page("<meta charset=utf-8>\xE6", "text/html; charset=windows-1251").utf8 ==
        "<meta charset=utf-8>\xD0\xB6");
  CHECK(decode_page("<meta charset=windows-1251>\xE6", "text/html").utf8 ==
        "<meta charset=windows-1251>\xD0\xB6");
}

TEST_CASE("names mean what they mean on the web") {
  CHECK(decode_page("\x93"
                    "caf\xE9\x94",
                    "text/html; charset=iso-8859-1")
            .utf8 ==
        "\xE2\x80\x9C"
        "caf\xC3\xA9\xE2\x80\x9D");
  CHECK(decode_page("\xE5", "text/html; charset=us-ascii").utf8 == "\xC3\xA5");
  CHECK(decode_page("\x82\xA0", "text/html; charset=Shift_JIS").utf8 == "\xE3\x81\x82");
  CHECK(decode_page("\xC4\xE3", "text/html; charset=gb2312").utf8 == "\xE4\xBD\xA0");
}

TEST_CASE("without a declaration the bytes decide") {
  CHECK(decode_page("plain", "").encoding == "utf-8");
  CHECK(decode_page("sm\xC3\xB6rg\xC3\xA5s", "").utf8 == "sm\xC3\xB6rg\xC3\xA5s");
  const std::string swedish =
      "<p>En sj\xF6 \xE4r inte bara vatten. P\xE5 v\xE5ren g\xE5r isen, och d\xE5 r\xF6r sig allt fr\xE5n "
      "botten till ytan. "
      "Det \xE4r d\xE5 algerna vaknar och fiskarna letar sig in mot strandkanten f\xF6r att leka.</p>";
  const auto decoded = decode_page(swedish, "");
  CHECK(decoded.utf8.find("En sj\xC3\xB6 \xC3\xA4r inte bara") != std::string::npos);
}

TEST_CASE("declarations that are known to be wrong") {
  // UTF-8 called Latin-1
  CHECK(decode_page("sm\xC3\xB6rg\xC3\xA5s", "text/html; charset=iso-8859-1").utf8 ==
        "sm\xC3\xB6rg\xC3\xA5s");
  // Latin-1 called UTF-8
  std::string page;
  for (int i = 0; i < 50; ++i) page += "en \xE5 och en \xF6, det \xE4r allt som beh\xF6vs h\xE4r. ";
  CHECK(decode_page(page, "text/html; charset=utf-8").utf8.find("en \xC3\xA5 och en \xC3\xB6") !=
        std::string::npos);
  // an encoding nobody knows
  CHECK(decode_page("sm\xC3\xB6r", "text/html; charset=x-nonsense").utf8 == "sm\xC3\xB6r");
  CHECK(decode_page("sm\xC3\xB6r", "text/html; charset=utf-7").utf8 == "sm\xC3\xB6r");
}

TEST_CASE("one broken byte does not make a page something else") {
  std::string page;
  for (int i = 0; i < 100; ++i) page += "sm\xC3\xB6rg\xC3\xA5s ";
  page += "\xE5";
  const auto decoded = decode_page(page, "text/html; charset=utf-8");
  CHECK(decoded.encoding == "utf-8");
  CHECK(decoded.utf8.ends_with("\xC3\xA5s \xEF\xBF\xBD"));
}

TEST_CASE("whatever the bytes, the result is valid UTF-8") {
  std::string noise;
  for (int i = 0; i < 70000; ++i) noise += static_cast<char>((i * 7919 + i / 13) & 255);
  for (const char* type :
       {"", "text/html; charset=utf-8", "text/html; charset=utf-16", "text/html; charset=big5",
        "text/html; charset=iso-2022-jp", "text/html; charset=gb18030"}) {
    CAPTURE(type);
    CHECK(gpt::text::is_valid_utf8(decode_page(noise, type).utf8));
    CHECK(gpt::text::is_valid_utf8(decode_page("\xFF\xFE" + noise, type).utf8));
  }
}
