#include "apps/gpt-estimate/sheet_formats.hpp"

#include <doctest/doctest.h>

using namespace gpt::estimate;

namespace {

std::vector<Sheet> sample() {
  Sheet table = {"cities", "Cities", SheetKind::table, {{"name", "name"}, {"people", "people"}},
                 {},       "A note."};
  table.rows.push_back({word("Umeå"), whole(1234)});
  table.rows.push_back({word("a \"b\", c"), whole(7)});
  Sheet numbers = figures("size", "Size");
  add_figure(numbers, "bytes", "bytes in all", number(2048.5, "2.001 KiB"));
  return {table, numbers};
}

}  // namespace

TEST_CASE("text aligns columns by characters, numbers to the right") {
  CHECK(render(sample(), Format::text) ==
        "Cities\n"
        "  name      people\n"
        "  Umeå       1,234\n"
        "  a \"b\", c       7\n"
        "  A note.\n"
        "\n"
        "Size\n"
        "  bytes in all  2.001 KiB\n");
}

TEST_CASE("markdown is a pipe table") {
  const std::string text = render(sample(), Format::markdown);
  CHECK(text.find("| name | people |\n|---|---:|\n| Umeå | 1,234 |\n") != std::string::npos);
}

TEST_CASE("csv has plain numbers and quotes where needed") {
  CHECK(render(sample(), Format::csv) ==
        "name,people\nUmeå,1234\n\"a \"\"b\"\", c\",7\n\nkey,quantity,value\nbytes,bytes in all,2048.5\n");
}

TEST_CASE("json is one object: tables are arrays, figures objects") {
  CHECK(render(sample(), Format::json) ==
        "{\"cities\":[{\"name\":\"Umeå\",\"people\":1234},{\"name\":\"a \\\"b\\\", c\",\"people\":7}],\n"
        " \"size\":{\"bytes\":2048.5}}\n");
}
