#include "libcommon/text/normalize.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace gpt::text;

TEST_CASE("composed Latin text is NFC already") {
  CHECK(is_normalized("Blåbärssylt – fem kronor “styck”"));
  CHECK(normalize("Blåbärssylt") == "Blåbärssylt");
}

TEST_CASE("letter and combining mark are composed") {
  CHECK_FALSE(is_normalized("A\xCC\x8A"));
  CHECK(normalize("A\xCC\x8Angstro\xCC\x88m") == "Ångström");
}

TEST_CASE("marks are put in canonical order") {
  // dot below and dot above, given in the wrong order, compose to one letter
  CHECK(normalize("s\xCC\x87\xCC\xA3") == "\xE1\xB9\xA9");
}

TEST_CASE("compatibility characters stay in NFC and are replaced in NFKC") {
  const std::string ligature = "\xEF\xAC\x81n";  // fi ligature
  CHECK(normalize(ligature) == ligature);
  CHECK(is_normalized(ligature));
  CHECK_FALSE(is_normalized(ligature, NormalForm::nfkc));
  CHECK(normalize(ligature, NormalForm::nfkc) == "fin");
  CHECK(normalize("10\xC2\xA0km\xC2\xB2", NormalForm::nfkc) == "10 km2");
}
