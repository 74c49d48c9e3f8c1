#include "apps/gpt-dedup/number_field.hpp"

#include <doctest/doctest.h>

using namespace gpt::dedup;

TEST_CASE("a field with a number") {
  NumberField field("q");
  CHECK(field.read(R"({"q":2.5})") == 2.5);
  CHECK(field.read(R"({"q":-3,"q":"7","q":4})") == 4);
  CHECK(field.read(R"({"q":1,"q":"7"})") == NumberField::kNone);
  CHECK(field.read(R"({"p":1})") == NumberField::kNone);
  CHECK(field.read("[1]") == NumberField::kNone);
}

TEST_CASE("what simdjson refuses elsewhere in the line does not cost the number") {
  NumberField field("q");
  CHECK(field.read(R"({"text":"\ud83d","q":25e-1})") == 2.5);
  CHECK(field.read(R"({"n":123456789012345678901234,"q":18446744073709551615})") == 18446744073709551615.0);
  CHECK(field.read(R"({"q":1e999})") == NumberField::kNone);
  CHECK(field.read(R"({"q":123456789012345678901234})") == NumberField::kNone);
}
