#include "apps/gpt-estimate/quantity.hpp"

#include <doctest/doctest.h>

using namespace gpt::estimate;

TEST_CASE("digits are grouped by three") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1000) == "1,000");
  CHECK(grouped(124439808) == "124,439,808");
  CHECK(grouped(-1234) == "-1,234");
}

TEST_CASE("counts keep four digits and take the next unit when they round up to it") {
  CHECK(count_text(174.6158e9) == "174.6 B");
  CHECK(count_text(1.6523e9) == "1.652 B");
  CHECK(count_text(12) == "12");
  CHECK(count_text(999.99e6) == "1.000 B");
}

TEST_CASE("bytes, operations, durations and shares carry their unit") {
  CHECK(bytes_text(1536) == "1.500 KiB");
  CHECK(bytes_text(0) == "0 bytes");
  CHECK(flops_text(876.5e12) == "876.5 TFLOP");
  CHECK(duration_text(42) == "42.00 s");
  CHECK(duration_text(600) == "10.0 minutes");
  CHECK(duration_text(5 * 3600) == "5.0 hours");
  CHECK(duration_text(33.9 * 86400) == "33.9 days");
  CHECK(percent_text(7.0 / 64) == "10.9 %");
}
