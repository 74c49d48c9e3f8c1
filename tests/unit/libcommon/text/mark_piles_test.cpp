#include "libcommon/text/mark_piles.hpp"

#include <string>

#include <doctest/doctest.h>

#include "libcommon/text/normalize.hpp"

using namespace gpt::text;

namespace {

std::string marks(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += i % 2 == 0 ? "\xCC\x81" : "\xCC\xA7";  // above, below
  return text;
}

}  // namespace

TEST_CASE("marks that languages write are no pile") {
  CHECK_FALSE(has_mark_pile(""));
  CHECK_FALSE(has_mark_pile("Blåbärssylt, Việt Nam, Ấn Độ"));
  CHECK_FALSE(has_mark_pile("a" + marks(kMostMarks) + "b" + marks(kMostMarks)));
  CHECK(cut_mark_piles("a" + marks(3) + "b") == "a" + marks(3) + "b");
}

TEST_CASE("of each pile the first marks stay") {
  CHECK(has_mark_pile("a" + marks(kMostMarks + 1)));
  CHECK(cut_mark_piles("a" + marks(100) + "ö" + marks(31) + "b") ==
        "a" + marks(kMostMarks) + "ö" + marks(kMostMarks) + "b");
}

TEST_CASE("a pile of any size is normalised once it is cut") {
  const std::string cut = cut_mark_piles("e" + marks(2'000'000));
  CHECK(cut.size() == 1 + 2 * kMostMarks);
  CHECK(is_normalized(normalize(cut)));
}
