#include "apps/gpt-dedup/exact.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace gpt::dedup;

TEST_CASE("case and white space do not count") {
  TextDigester digester;
  const Digest plain = digester.digest("på ön växer gräs");
  CHECK(digester.digest("  På  ÖN\tväxer\n\ngräs ") == plain);
  CHECK(digester.digest("PÅ ÖN\u00A0VÄXER\u2003GRÄS") == plain);
  CHECK_FALSE(digester.digest("på önväxer gräs") == plain);
  CHECK_FALSE(digester.digest("pa on vaxer gras") == plain);
}

TEST_CASE("the folded form") {
  TextDigester digester;
  CHECK(digester.fold(" \n A  B\r\nÅ\t") == "a b å");
  CHECK(digester.fold(" \n\t ") == "");
  CHECK(digester.fold("") == "");
}

TEST_CASE("the first document of each digest is remembered through growth") {
  FirstSeen seen;
  TextDigester digester;
  for (std::uint32_t i = 0; i < 10000; ++i)
    REQUIRE_FALSE(seen.find_or_add(digester.digest("document " + std::to_string(i)), i).has_value());
  for (std::uint32_t i = 0; i < 10000; ++i)
    REQUIRE(seen.find_or_add(digester.digest("Document  " + std::to_string(i)), 10000 + i) == i);
}
