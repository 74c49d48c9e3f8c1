#include "libgpt/comm/same_on_all_ranks.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include "libgpt/comm/byte_strings.hpp"

namespace gpt::comm {
namespace {

// The text up to the end of the line, which is taken off; nothing where no line is left.
std::string next_line(std::string_view& text) {
  if (text.empty()) return "nothing";
  const std::size_t end = text.find('\n');
  const std::string line(text.substr(0, end));
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

std::string first_difference(std::string_view text, std::string_view of_rank_0, int rank) {
  while (true) {
    const std::string line = next_line(text);
    const std::string line_of_0 = next_line(of_rank_0);
    if (line != line_of_0 || (text.empty() && of_rank_0.empty()))
      return "rank " + std::to_string(rank) + " has " + line + " where rank 0 has " + line_of_0;
  }
}

}  // namespace

void check_same_on_all_ranks_or_throw(Communicator& group, std::string_view what, std::string_view text,
                                      std::string_view advice) {
  const std::string of_rank_0 = broadcast_string(group, text, 0);
  if (group.all_reduced<std::int32_t>(text != of_rank_0 ? 1 : 0, Reduction::max) == 0) return;
  const std::vector<std::string> texts = all_gather_strings(group, text);
  for (std::size_t rank = 1; rank < texts.size(); ++rank) {
    if (texts[rank] == of_rank_0) continue;
    throw RanksDiffer(std::string(what) + " differ between ranks: " +
                      first_difference(texts[rank], of_rank_0, static_cast<int>(rank)) + "; " +
                      std::string(advice));
  }
}

}  // namespace gpt::comm
