#include "libgpt/data/split.hpp"

#include <doctest/doctest.h>

#include "libgpt/data/errors.hpp"

namespace gpt::data {
namespace {

std::vector<std::int64_t> bounds(const std::string& text, std::int64_t sequences) {
  const auto split = Split::parse_or_throw(text);
  std::vector<std::int64_t> result;
  for (const Part part : kParts) result.push_back(split.range(part, sequences).begin);
  result.push_back(split.range(Part::test, sequences).end);
  return result;
}

using Bounds = std::vector<std::int64_t>;

TEST_CASE("bounds are rounded cumulative fractions, half to even") {
  CHECK(bounds("969,30,1", 750) == Bounds{0, 727, 749, 750});
  CHECK(bounds("1,1,0", 5) == Bounds{0, 2, 5, 5});  // 2.5 → 2
  CHECK(bounds("1,1,0", 7) == Bounds{0, 4, 7, 7});  // 3.5 → 4
  CHECK(bounds("100", 9) == Bounds{0, 9, 9, 9});
  CHECK(bounds("0,1", 9) == Bounds{0, 0, 9, 9});
  CHECK(bounds("0.9,0.08,0.02", 100) == Bounds{0, 90, 98, 100});
  CHECK(bounds("969,30,1", 3) == Bounds{0, 3, 3, 3});
}

TEST_CASE("other texts are no split") {
  for (const char* text : {"", ",", "1,", "a", "1,2,3,4", "-1,2", "0,0,0", "1;2", "nan", "inf,1", "1 ,2"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(Split::parse_or_throw(text), SampleError);
  }
}

TEST_CASE("a part can have a dataset for itself") {
  const auto split = Split::whole(Part::valid);
  CHECK(split.range(Part::train, 10).size() == 0);
  CHECK(split.range(Part::valid, 10).size() == 10);
}

}  // namespace
}  // namespace gpt::data
