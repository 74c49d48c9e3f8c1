#include "libgpt/comm/tcp/host_list.hpp"

#include <algorithm>
#include <charconv>

#include "libgpt/comm/launch.hpp"

namespace gpt::comm {
namespace {

class Expander {
 public:
  Expander(std::string_view list, std::size_t most) : list_(list), most_(most) {}

  std::vector<std::string> hosts() {
    for (std::string_view rest = list_; !rest.empty();) {
      const std::size_t end = end_of_name(rest);
      if (end == 0) fail("a name is empty");
      expand("", rest.substr(0, end));
      if (end < rest.size() && end + 1 == rest.size()) fail("a name is empty");
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (hosts_.empty()) fail("it is empty");
    return std::move(hosts_);
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const {
    throw LaunchError("the list of hosts '" + std::string(list_.substr(0, 200)) +
                      "' cannot be read: " + reason);
  }

  // Of the first comma outside of brackets.
  std::size_t end_of_name(std::string_view text) const {
    bool inside = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '[' && inside) fail("a bracket within brackets");
      if (text[i] == ']' && !inside) fail("a bracket that nothing opens");
      if (text[i] == '[') inside = true;
      if (text[i] == ']') inside = false;
      if (text[i] == ',' && !inside) return i;
    }
    if (inside) fail("a bracket that nothing closes");
    return text.size();
  }

  // The names that begin with `prefix` and go on as `rest` says.
  void expand(const std::string& prefix, std::string_view rest) {
    if (hosts_.size() >= most_) return;
    const std::size_t open = rest.find('[');
    if (open == std::string_view::npos) {
      hosts_.push_back(prefix + std::string(rest));
      return;
    }
    const std::size_t close = rest.find(']');
    const std::string start = prefix + std::string(rest.substr(0, open));
    std::string_view numbers = rest.substr(open + 1, close - open - 1);
    const std::string_view tail = rest.substr(close + 1);
    if (numbers.empty()) fail("nothing within brackets");
    while (true) {
      const std::size_t comma = numbers.find(',');
      expand_range(start, numbers.substr(0, comma), tail);
      if (comma == std::string_view::npos) return;
      numbers.remove_prefix(comma + 1);
    }
  }

  // "07", or "01-04": the first number's digits tell how long the others are.
  void expand_range(const std::string& prefix, std::string_view range, std::string_view tail) {
    const std::size_t dash = range.find('-');
    const std::string_view from = range.substr(0, dash);
    const std::uint64_t first = number(from);
    const std::uint64_t last = dash == std::string_view::npos ? first : number(range.substr(dash + 1));
    if (last < first) fail("'" + std::string(range) + "' counts down");
    for (std::uint64_t value = first; hosts_.size() < most_; ++value) {
      std::string digits = std::to_string(value);
      if (digits.size() < from.size()) digits.insert(0, from.size() - digits.size(), '0');
      expand(prefix + digits, tail);
      if (value == last) return;
    }
  }

  std::uint64_t number(std::string_view digits) const {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size() || digits.size() > 18)
      fail("'" + std::string(digits) + "' is not a number");
    return value;
  }

  std::string_view list_;
  std::size_t most_;
  std::vector<std::string> hosts_;
};

}  // namespace

std::vector<std::string> expand_host_list_or_throw(std::string_view list, std::size_t most) {
  return Expander(list, most).hosts();
}

}  // namespace gpt::comm
