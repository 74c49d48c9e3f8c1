#include "libcommon/log/run_report.hpp"

#include <cmath>
#include <cstring>

#include <doctest/doctest.h>
#include <simdjson.h>
#include <sys/mman.h>

#include "libcommon/cli/version.hpp"
#include "libcommon/io/errors.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace gpt;
using log::RunReport;

TEST_CASE("the report is one line of JSON, its keys in the order they were set") {
  RunReport report("gpt-sample");
  report.set("inputs", std::vector<std::string>{"a.jsonl", "rätt \"b\".jsonl"});
  report.set("documents", std::uint64_t{18446744073709551615U});
  report.set("balance", std::int64_t{-5});
  report.set("int", 7);
  report.set("loss", 2.5);
  report.set("nothing", std::nan(""));
  report.set("language", "sv");
  report.set("dropped", std::map<std::string, std::uint64_t>{{"short", 3}, {"language", 4}});
  report.set_json("nested", "{\"a\":[1,2]}");
  report.set("empty", std::vector<std::string>{});

  const std::string json = report.json();
  CHECK(json.find('\n') == json.size() - 1);
  simdjson::dom::parser parser;
  const simdjson::dom::object object = parser.parse(json);
  std::vector<std::string> keys;
  for (const auto field : object) keys.emplace_back(field.key);
  CHECK(keys == std::vector<std::string>{"tool", "version", "inputs", "documents", "balance", "int", "loss",
                                         "nothing", "language", "dropped", "nested", "empty", "seconds",
                                         "peak_memory_bytes"});
  CHECK(std::string_view(object["tool"]) == "gpt-sample");
  CHECK(std::string_view(object["version"]) == cli::version_number());
  CHECK(std::string_view(object["inputs"].at(1)) == "rätt \"b\".jsonl");
  CHECK(std::uint64_t(object["documents"]) == 18446744073709551615U);
  CHECK(std::int64_t(object["balance"]) == -5);
  CHECK(double(object["loss"]) == 2.5);
  CHECK(object["nothing"].is_null());
  CHECK(std::uint64_t(object["dropped"]["language"]) == 4);
  CHECK(std::int64_t(object["nested"]["a"].at(1)) == 2);
  CHECK(double(object["seconds"]) >= 0.0);
  CHECK(std::uint64_t(object["peak_memory_bytes"]) > 1000000);
}

TEST_CASE("a key set again keeps its place") {
  RunReport report("gpt-sample");
  report.set("a", 1);
  report.set("b", 2);
  report.set("a", 3);
  CHECK(report.json().find("\"a\":3,\"b\":2,") != std::string::npos);
}

TEST_CASE("names of any bytes still give valid JSON") {
  RunReport report("gpt-sample");
  report.set("inputs", std::vector<std::string>{"latin\xe5.txt"});
  report.set("reasons", std::map<std::string, std::uint64_t>{{"\xff", 1}});
  report.set("message", std::string_view("\xc3"));
  simdjson::dom::parser parser;
  CHECK(parser.parse(report.json()).error() == simdjson::SUCCESS);
}

TEST_CASE("written whole, over an earlier report, or not at all") {
  const test::ScratchFolder folder;
  RunReport report("gpt-sample");
  report.write_or_throw(folder.file("report.json"));
  report.set("second", 1);
  report.write_or_throw(folder.file("report.json"));
  CHECK(test::content_of(folder.file("report.json")).find("\"second\":1") != std::string::npos);
  CHECK(folder.names() == std::vector<std::string>{"report.json"});
  CHECK_THROWS_AS(report.write_or_throw(folder.file("no/report.json")), io::IoError);
}

TEST_CASE("peak memory follows what was touched, and stays when it is given back") {
  constexpr std::size_t kBytes = std::size_t{64} << 20;
  const auto before = log::peak_memory_bytes();
  void* block = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(block != MAP_FAILED);
  std::memset(block, 1, kBytes);
  munmap(block, kBytes);
  CHECK(log::peak_memory_bytes() >= before + kBytes / 2);
}
