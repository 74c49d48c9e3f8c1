#include <cstdio>
#include <filesystem>
#include <map>

#include "apps/gpt-dedup/stages/shared_corpus.hpp"
#include "libcommon/io/errors.hpp"

namespace gpt::dedup {
namespace {

std::string share_name(const std::string& folder, const std::string& stage, io::Shard shard) {
  char numbers[40];
  std::snprintf(numbers, sizeof numbers, ".%05d-of-%05d", shard.rank, shard.world);
  return folder + "/" + stage + numbers;
}

}  // namespace

std::string signature_file_name(const std::string& folder, io::Shard shard) {
  return share_name(folder, "signatures", shard);
}
std::string pair_file_name(const std::string& folder, io::Shard shard) {
  return share_name(folder, "pairs", shard);
}
std::string kept_file_name(const std::string& folder) { return folder + "/kept"; }

std::vector<std::string> stage_files_or_throw(const std::string& folder, const std::string& stage) {
  std::map<int, int> ranks_of_world;  // how many files of each division
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    int rank = 0;
    int world = 0;
    int length = 0;
    const std::string name = entry.path().filename().string();
    if (std::sscanf(name.c_str(), (stage + ".%d-of-%d%n").c_str(), &rank, &world, &length) == 2 &&
        static_cast<std::size_t>(length) == name.size())
      ++ranks_of_world[world];
  }
  if (error) throw io::IoError(folder, "cannot read the folder", error.value());
  if (ranks_of_world.empty())
    throw io::DataError(folder, "holds no " + stage + " files: run gpt-dedup " + stage + " first");
  if (ranks_of_world.size() > 1)
    throw io::DataError(
        folder, "holds " + stage + " files of " + std::to_string(ranks_of_world.begin()->first) + " and of " +
                    std::to_string(ranks_of_world.rbegin()->first) + " shares: remove those of one division");
  std::vector<std::string> files;
  const int world = ranks_of_world.begin()->first;
  for (int rank = 0; rank < world; ++rank) {
    files.push_back(share_name(folder, stage, {rank, world}));
    if (!std::filesystem::exists(files.back()))
      throw io::DataError(files.back(), "is missing: run gpt-dedup " + stage + " with --rank " +
                                            std::to_string(rank) + " --world " + std::to_string(world));
  }
  return files;
}

}  // namespace gpt::dedup
