#include "apps/gpt-estimate/published_tables.hpp"

#include <doctest/doctest.h>

using namespace gpt::estimate;

namespace {

// The shown text of one column.
std::vector<std::string> column(const std::string& table, const std::string& key) {
  const Sheet sheet = published_tables({table}).at(0);
  std::vector<std::string> cells;
  for (std::size_t c = 0; c < sheet.columns.size(); ++c)
    if (sheet.columns[c].key == key)
      for (const auto& row : sheet.rows) cells.push_back(row[c].shown);
  return cells;
}

}  // namespace

TEST_CASE("every name makes one table whose rows fill its columns") {
  for (const std::string& name : published_table_names()) {
    const std::vector<Sheet> sheets = published_tables({name});
    REQUIRE(sheets.size() == 1);
    CHECK(sheets[0].key == name);
    CHECK_FALSE(sheets[0].rows.empty());
    for (const auto& row : sheets[0].rows) CHECK(row.size() == sheets[0].columns.size());
  }
  CHECK(published_tables({}).size() == published_table_names().size());
}

TEST_CASE("the scaling table shows the published parameters and aggregate speeds") {
  CHECK(column("scaling", "parameters_billions") == std::vector<std::string>{"1.7", "3.6", "7.5", "18.4",
                                                                             "39.1", "76.1", "145.6", "310.1",
                                                                             "529.6", "1008.0"});
  CHECK(column("scaling", "petaflops").front() == "4.4");
  CHECK(column("scaling", "petaflops").back() == "500.7");
}

TEST_CASE("computed and published training times agree as printed") {
  CHECK(column("times", "days") == column("times", "published_days"));
  CHECK(column("times", "days") == std::vector<std::string>{"33.9", "83.2", "1.2", "3.0", "5.6", "72.3"});
}

TEST_CASE("groups are listed by rank") {
  CHECK(column("groups", "ranks").at(2) == "[0,4,8,12] [1,5,9,13] [2,6,10,14] [3,7,11,15]");
}
