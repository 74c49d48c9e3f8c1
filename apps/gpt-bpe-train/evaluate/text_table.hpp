#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "libcommon/text/utf8.hpp"

namespace gpt::bpe_train {

// Rows of cells in columns: the first one to the left, the others to the right.
class TextTable {
 public:
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  std::string text() const {
    std::vector<std::size_t> widths;
    for (const auto& row : rows_) {
      widths.resize(std::max(widths.size(), row.size()));
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
    }
    std::string out;
    for (const auto& row : rows_) {
      std::string line;
      for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string space(widths[i] - width_of(row[i]), ' ');
        if (i > 0) line += "  ";
        line += i == 0 ? row[i] + space : space + row[i];
      }
      line.erase(line.find_last_not_of(' ') + 1);
      out += line + "\n";
    }
    return out;
  }

 private:
  static std::size_t width_of(const std::string& cell) { return text::count_code_points(cell); }

  std::vector<std::vector<std::string>> rows_;
};

}  // namespace gpt::bpe_train
