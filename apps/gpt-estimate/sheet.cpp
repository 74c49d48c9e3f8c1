#include "apps/gpt-estimate/sheet.hpp"

#include <utility>

#include "apps/gpt-estimate/quantity.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::estimate {

Cell word(std::string text) {
  std::string json = io::json_string(text);
  return {std::move(text), std::move(json), false};
}

Cell whole(std::int64_t value) { return {grouped(value), std::to_string(value), true}; }

Cell number(double value, std::string shown) { return {std::move(shown), io::json_number(value), true}; }

Sheet figures(std::string key, std::string title) {
  return {std::move(key),
          std::move(title),
          SheetKind::figures,
          {{"key", ""}, {"quantity", "quantity"}, {"value", "value"}},
          {},
          ""};
}

void add_figure(Sheet& sheet, std::string key, std::string label, Cell value) {
  sheet.rows.push_back({word(std::move(key)), word(std::move(label)), std::move(value)});
}

}  // namespace gpt::estimate
