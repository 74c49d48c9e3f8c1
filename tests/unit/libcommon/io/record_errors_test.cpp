#include "libcommon/io/record_errors.hpp"

#include <stdexcept>

#include <doctest/doctest.h>

using gpt::io::DataError;
using gpt::io::OnError;
using gpt::io::RecordErrors;

TEST_CASE("policies by name") {
  CHECK(gpt::io::on_error_of_name("fail") == OnError::fail);
  CHECK(gpt::io::on_error_of_name("skip") == OnError::skip);
  CHECK_THROWS_AS(gpt::io::on_error_of_name("ignore"), std::invalid_argument);
}

TEST_CASE("fail throws the record's error on") {
  RecordErrors errors(OnError::fail);
  CHECK_THROWS_WITH_AS(errors.add_or_throw(DataError("a.jsonl", 3, "broken")), "a.jsonl:3: broken",
                       DataError);
  CHECK(errors.count() == 0);
  CHECK(errors.summary().empty());
}

TEST_CASE("skip counts, and keeps the first messages in input order") {
  RecordErrors all(OnError::skip);
  for (int batch = 0; batch < 3; ++batch) {
    RecordErrors some(OnError::skip);
    for (int i = 0; i < 6; ++i)
      some.add_or_throw(DataError("a", static_cast<std::uint64_t>(batch * 6 + i + 1), "bad"));
    all.absorb(some);
  }
  CHECK(all.count() == 18);
  REQUIRE(all.first_messages().size() == RecordErrors::kKeptMessages);
  CHECK(all.first_messages().front() == "a:1: bad");
  CHECK(all.first_messages().back() == "a:10: bad");
  CHECK(all.summary() == "skipped 18 records that could not be read; the first: a:1: bad");
  RecordErrors one(OnError::skip);
  one.add_or_throw(DataError("b", 2, "bad"));
  CHECK(one.summary() == "skipped 1 record that could not be read; the first: b:2: bad");
}
