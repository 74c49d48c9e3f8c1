#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gpt::estimate {

// One value of a table: as people read it, and as machines do (a JSON value).
struct Cell {
  std::string shown;
  std::string json;
  bool numeric = false;
};
Cell word(std::string text);
Cell whole(std::int64_t value);  // shown with its digits grouped
Cell number(double value, std::string shown);

struct Column {
  std::string key;      // in JSON and CSV
  std::string heading;  // in text and Markdown
};

enum class SheetKind {
  table,    // rows alike; in JSON an array of objects
  figures,  // one figure a row: key, label, value; in JSON one object
};

struct Sheet {
  std::string key;
  std::string title;
  SheetKind kind = SheetKind::table;
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
  std::string note;  // a line below it, in text and Markdown
};

// A sheet of figures: rows are added one by one.
Sheet figures(std::string key, std::string title);
void add_figure(Sheet& sheet, std::string key, std::string label, Cell value);

}  // namespace gpt::estimate
