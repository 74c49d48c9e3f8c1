#include "apps/gpt-clean/rules/word_lists.hpp"

#include <algorithm>

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/share_folder.hpp"

namespace gpt::clean {

std::vector<std::string> list_of_text(std::string_view text) {
  std::vector<std::string> list;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto begin = line.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos || line[begin] == '#') continue;
    list.emplace_back(line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1));
  }
  return list;
}

std::vector<std::string> shared_list(const std::string& relative_path) {
  const auto path = io::find_shared_file(relative_path);
  return path ? list_of_text(io::read_file_or_throw(*path)) : std::vector<std::string>{};
}

}  // namespace gpt::clean
