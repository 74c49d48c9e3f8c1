#include "libgpt/comm/byte_strings.hpp"

#include <algorithm>
#include <cstdint>

namespace gpt::comm {

std::vector<std::string> all_gather_strings(Communicator& group, std::string_view mine) {
  const auto ranks = static_cast<std::size_t>(group.size());
  const auto my_length = static_cast<std::int64_t>(mine.size());
  std::vector<std::int64_t> lengths(ranks);
  group.all_gather(std::span<const std::int64_t>(&my_length, 1), std::span(lengths));

  const auto longest = static_cast<std::size_t>(*std::max_element(lengths.begin(), lengths.end()));
  std::string padded(mine);
  padded.resize(longest);
  std::string all(ranks * longest, '\0');
  group.all_gather(std::span<const char>(padded), std::span<char>(all));

  std::vector<std::string> texts;
  for (std::size_t rank = 0; rank < ranks; ++rank)
    texts.push_back(all.substr(rank * longest, static_cast<std::size_t>(lengths[rank])));
  return texts;
}

std::string broadcast_string(Communicator& group, std::string_view text, int root) {
  auto length = static_cast<std::int64_t>(text.size());
  group.broadcast(std::span<std::int64_t>(&length, 1), root);
  std::string received(group.rank() == root ? text : std::string_view());
  received.resize(static_cast<std::size_t>(length));
  group.broadcast(std::span<char>(received), root);
  return received;
}

}  // namespace gpt::comm
