#include "libcommon/text/plain_latin.hpp"

#include <string>

#include <doctest/doctest.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include "libcommon/text/utf8.hpp"

using namespace gpt::text;

TEST_CASE("Latin letters and punctuation are plain, marks and other scripts are not") {
  CHECK(is_plain_latin(""));
  CHECK(is_plain_latin("Räksmörgås – “Łódź” 10 €…"));
  CHECK_FALSE(is_plain_latin("a\xCC\x8A"));
  CHECK_FALSE(is_plain_latin("\xE2\x80\x80"));
  CHECK_FALSE(is_plain_latin("привет"));
  CHECK_FALSE(is_plain_latin(std::string(63, 'a') + "\xE2\x84\xAB"));
  CHECK(is_plain_latin(std::string(63, 'a') + "€" + std::string(64, 'b')));
}

// By ICU alone, since normalize() asks is_plain_latin().
TEST_CASE("every character that is plain is no mark and its own canonical form") {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* canonical = icu::Normalizer2::getNFCInstance(status);
  REQUIRE(U_SUCCESS(status));
  int plain = 0;
  for (char32_t point = 1; point < 0x20000; ++point) {
    if (point >= 0xD800 && point < 0xE000) continue;
    std::string text;
    append_utf8(text, point);
    if (!is_plain_latin(text)) continue;
    ++plain;
    CAPTURE(static_cast<unsigned>(point));
    CHECK(u_getCombiningClass(static_cast<UChar32>(point)) == 0);
    CHECK(canonical->quickCheck(icu::UnicodeString(static_cast<UChar32>(point)), status) == UNORM_YES);
  }
  CHECK(plain == 0x2FF + 0x3000 - 0x2002 - 33 - 3 - 1 - 32 - 6 + 0x1000 + 18);
}
