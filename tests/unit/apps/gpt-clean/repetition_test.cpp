#include <string>

#include <doctest/doctest.h>

#include "tests/unit/apps/gpt-clean/one_rule.hpp"

using namespace gpt::clean::testing;

TEST_CASE("lines that stood there before are counted, as lines and as characters") {
  const std::string text = "abcd\nefgh\nabcd\n\nåäöé";
  CHECK(measure("duplicate-lines", text) == 0.25);
  CHECK(measure("duplicate-line-characters", text) == doctest::Approx(4.0 / 20));
  CHECK(keeps("duplicate-lines max=0.25", text));
  CHECK_FALSE(keeps("duplicate-lines max=0.24", text));
  CHECK(measure("duplicate-line-characters line-ends=no", text) == doctest::Approx(4.0 / 16));
  CHECK(keeps("duplicate-line-characters", text));
  CHECK_FALSE(keeps("duplicate-line-characters max=0.19", text));
  CHECK(measure("duplicate-lines", "") == -1);
}

TEST_CASE("paragraphs end at blank lines") {
  const std::string text = "a\nb\n\nc\n\na\nb\n\nb";
  CHECK(measure("duplicate-paragraphs", text) == 0.25);
  CHECK(measure("duplicate-paragraph-characters", text) == doctest::Approx(3.0 / 14));
  CHECK(measure("duplicate-paragraphs", "a\na") == 0);
  CHECK_FALSE(keeps("duplicate-paragraphs", "a\n\na"));
}

TEST_CASE("the most frequent n-gram counts with its spaces, each time it stands there") {
  CHECK(measure("top-2-grams", "aa bb cc aa bb") == doctest::Approx(10.0 / 14));
  CHECK(measure("top-2-grams", "åå bb cc åå bb") == doctest::Approx(10.0 / 14));
  CHECK(measure("top-2-grams", "a b c d e f") == 0);
  CHECK(measure("top-2-grams", "a") == -1);
  CHECK(measure("top-3-grams", "a b c x a b c") == doctest::Approx(10.0 / 13));
  CHECK(measure("top-2-grams", "bb cc a b bb cc a b") == doctest::Approx(10.0 / 19));  // the first of equals
  CHECK(keeps("top-4-grams", words(1, 100)));
  CHECK_FALSE(keeps("top-4-grams", repeated("köp nu med rabatt ", 5)));
}

TEST_CASE("duplicate n-grams count characters once, without spaces") {
  const std::string once = words(1, 20);  // 9 words of 2, 11 of 3 characters
  CHECK(measure("duplicate-5-grams", once) == 0);
  const std::string twice = once + " " + once;
  CHECK(measure("duplicate-5-grams", twice) == doctest::Approx(51.0 / static_cast<double>(twice.size())));
  CHECK(measure("duplicate-10-grams", twice) == doctest::Approx(51.0 / static_cast<double>(twice.size())));
  CHECK_FALSE(keeps("duplicate-10-grams", twice));
  CHECK(measure("duplicate-6-grams", words(1, 5)) == -1);
  const std::string overlapping =
      words(1, 6) + " x " + words(1, 6);  // 5 of the 6 repeat, then too few are left
  CHECK(measure("duplicate-5-grams", overlapping) ==
        doctest::Approx(10.0 / static_cast<double>(overlapping.size())));
}

TEST_CASE("what is known of shorter n-grams spares looking for longer ones, with the same result") {
  using namespace gpt::clean;
  for (const std::string& text :
       {words(1, 40), words(1, 7) + " x " + words(1, 7), words(1, 30) + " " + words(5, 30)}) {
    WorkingDocument shared(text);
    for (int n = 5; n <= 10; ++n) {
      const std::string line = "duplicate-" + std::to_string(n) + "-grams";
      CHECK(rule_of(line)->apply(shared).measure.value() == measure(line, text));
    }
  }
}

TEST_CASE("repetition in documents of many words is measured as in short ones") {
  const std::string once = words(1, 1200000);
  CHECK(measure("top-2-grams", once) == 0);
  CHECK(measure("duplicate-10-grams", once) == 0);
  // a thousand of the words stand there twice, seven of them three times more
  const std::string again = words(500001, 501000);
  const std::string often = words(100001, 100007);
  const std::string text = once + " " + again + repeated(" " + often, 3);
  const auto share = [&](std::size_t characters) {
    return static_cast<double>(characters) / static_cast<double>(text.size());
  };
  CHECK(measure("top-4-grams", text) == doctest::Approx(share(4 * (4 * 7 + 3))));
  CHECK(measure("duplicate-5-grams", text) == doctest::Approx(share(1000 * 7 + 3 * 5 * 7)));
  CHECK(measure("duplicate-10-grams", text) == doctest::Approx(share(1000 * 7 + 10 * 7)));
  CHECK(measure("duplicate-lines", repeated("a\n", 1200000)) == doctest::Approx(1).epsilon(0.00001));
}
