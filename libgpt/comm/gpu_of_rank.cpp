#include "libgpt/comm/gpu_of_rank.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <sstream>

#include <unistd.h>

#include "libgpt/comm/byte_strings.hpp"

namespace gpt::comm {
namespace {

constexpr std::size_t kRanksNamed = 3;

std::string host_name() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

// The machine, then the UUIDs of the GPUs that this process sees, a line each.
std::string own_lines(const tensor::GpuFacts& facts) {
  std::string lines = host_name();
  for (const tensor::Gpu& gpu : facts.gpus) lines += "\n" + gpu.uuid;
  return lines;
}

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string rank_list(const std::vector<int>& ranks) {
  std::string text = ranks.size() == 1 ? "rank " : "ranks ";
  const std::size_t named = ranks.size() > kRanksNamed + 1 ? kRanksNamed : ranks.size();
  for (std::size_t i = 0; i < named; ++i) text += (i == 0 ? "" : ", ") + std::to_string(ranks[i]);
  return named < ranks.size() ? text + " and " + std::to_string(ranks.size() - named) + " more" : text;
}

}  // namespace

GpuOfRank gpu_of_rank_or_throw(Communicator& world, const tensor::GpuFacts& facts,
                               tensor::GpuSharing sharing) {
  tensor::check_usable_or_throw(facts);
  std::vector<std::vector<std::string>> seen;  // by the ranks of this machine
  std::size_t self = 0;
  const auto all = all_gather_strings(world, own_lines(facts));
  for (int rank = 0; rank < world.size(); ++rank) {
    auto lines = split_lines(all[static_cast<std::size_t>(rank)]);
    if (lines.front() != host_name()) continue;
    if (rank == world.rank()) self = seen.size();
    lines.erase(lines.begin());
    seen.push_back(std::move(lines));
  }
  const std::vector<int> chosen = tensor::share_out_gpus_or_throw(seen, sharing);
  const auto uuid = [&](std::size_t i) { return seen[i][static_cast<std::size_t>(chosen[i])]; };
  GpuOfRank gpu{chosen[self], 0};
  for (std::size_t i = 0; i < seen.size(); ++i) gpu.sharing += uuid(i) == uuid(self) ? 1 : 0;
  return gpu;
}

std::string mixed_gpus(Communicator& world, const std::string& kind) {
  std::map<std::string, std::vector<int>> ranks_of;
  const auto kinds = all_gather_strings(world, kind);
  for (int rank = 0; rank < world.size(); ++rank) {
    ranks_of[kinds[static_cast<std::size_t>(rank)]].push_back(rank);
  }
  std::string text;
  if (ranks_of.size() == 1) return text;
  for (const auto& [name, ranks] : ranks_of) {
    text += (text.empty() ? "" : ", ") + name + " on " + rank_list(ranks);
  }
  return text;
}

}  // namespace gpt::comm
