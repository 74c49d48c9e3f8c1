#include "libcommon/cli/nearest_option.hpp"

#include <doctest/doctest.h>

using gpt::cli::nearest_option;

TEST_CASE("the nearest option: one edit of each kind") {
  const std::vector<std::string> names = {"--output", "--input", "--threads", "--seed"};
  CHECK(nearest_option("--outptu", names) == "--output");  // neighbours swapped
  CHECK(nearest_option("--ouput", names) == "--output");   // left out
  CHECK(nearest_option("--outputt", names) == "--output");
  CHECK(nearest_option("--imput", names) == "--input");
  CHECK(nearest_option("--seed", names) == "--seed");
}

TEST_CASE("a beginning is near to what it begins") {
  CHECK(nearest_option("--tensor", {"--tensorboard-dir", "--seed"}) == "--tensorboard-dir");
}

TEST_CASE("what is far from everything has no nearest") {
  CHECK_FALSE(nearest_option("--completely-different", {"--output", "--seed"}));
  CHECK_FALSE(nearest_option("", {"--output"}));
  CHECK_FALSE(nearest_option("--seed", {}));
}

TEST_CASE("of equally near ones the first is taken") {
  CHECK(nearest_option("--ab", {"--ac", "--ad"}) == "--ac");
}
