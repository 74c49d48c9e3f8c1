#include "libgpt/checkpoint/save.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>

#include <fcntl.h>

#include "libcommon/io/errors.hpp"
#include "libcommon/io/output_file.hpp"
#include "libgpt/checkpoint/durable_file.hpp"
#include "libgpt/checkpoint/write_folder.hpp"
#include "libgpt/comm/agreement.hpp"
#include "libgpt/comm/self_communicator.hpp"

namespace gpt::checkpoint {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStem = "iter_";
constexpr std::string_view kTemporary = ".tmp";

// The iteration of "iter_0000100"; -1 for any other name.
std::int64_t iteration_of(std::string_view name) {
  if (!name.starts_with(kStem)) return -1;
  name.remove_prefix(kStem.size());
  std::int64_t iteration = -1;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), iteration);
  return error == std::errc{} && end == name.data() + name.size() ? iteration : -1;
}

void create_folder_or_throw(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) throw io::IoError(path, "cannot create", error.value());
}

void rename_or_throw(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0)
    throw io::IoError(to, "cannot rename " + from + " to it", errno);
}

// Puts a finished folder under its final name; one that stands there already changes places with it, so that
// there is no moment without one.
void put_in_place_or_throw(const std::string& temporary, const std::string& path) {
  if (!fs::exists(path)) return rename_or_throw(temporary, path);
  if (renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) == 0) return;
  if (errno != EINVAL && errno != ENOSYS) throw io::IoError(path, "cannot be replaced", errno);
  // A file system that cannot exchange: the old one steps aside for a moment.
  const std::string aside = path + ".replaced" + std::string(kTemporary);
  rename_or_throw(path, aside);
  rename_or_throw(temporary, path);
}

// Collective. When it throws, there is no temporary folder.
void write_new_folder_or_throw(comm::Communicator& world, const std::string& temporary,
                               const CheckpointContent& content, const SaveOptions& options) {
  const bool first = world.rank() == 0;
  std::error_code ignored;
  try {
    comm::agree_or_throw<SaveError>(world, [&] {
      if (!first) return;
      fs::remove_all(temporary, ignored);
      create_folder_or_throw(temporary);
    });
    write_folder_or_throw(world, temporary, content, options);
  } catch (const SaveError&) {
    if (first) fs::remove_all(temporary, ignored);
    throw;
  }
}

// What killed runs left behind: folders that were never finished, and the temporary of a `latest`.
bool is_leftover(std::string_view name) {
  if (name.starts_with("latest.tmp-")) return true;
  return name.starts_with(kStem) && name.ends_with(kTemporary);
}

void remove_temporaries(const std::string& folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (is_leftover(entry.path().filename().string())) fs::remove_all(entry.path(), ignored);
  }
}

// Keeps the newest; what goes loses its name first, so that a half-removed folder never looks whole. The
// checkpoint just saved stays even where older runs left higher numbers.
void keep_only_last(const std::string& folder, std::int64_t saved, int keep) {
  std::error_code ignored;
  std::vector<std::int64_t> iterations;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const auto iteration = iteration_of(entry.path().filename().string());
    if (iteration >= 0 && iteration < saved) iterations.push_back(iteration);
  }
  std::sort(iterations.rbegin(), iterations.rend());
  for (std::size_t i = static_cast<std::size_t>(keep) - 1; i < iterations.size(); ++i) {
    const fs::path old = fs::path(folder) / checkpoint_name(iterations[i]);
    const fs::path aside = old.string() + std::string(kTemporary);
    fs::rename(old, aside, ignored);
    fs::remove_all(aside, ignored);
  }
}

}  // namespace

std::string checkpoint_name(std::int64_t iteration) {
  char name[32];
  std::snprintf(name, sizeof name, "iter_%07lld", static_cast<long long>(iteration));
  return name;
}

std::string save_or_throw(comm::Communicator& world, const std::string& folder, std::int64_t iteration,
                          const CheckpointContent& content, const SaveOptions& options) {
  const bool first = world.rank() == 0;
  std::string path = folder + "/" + checkpoint_name(iteration);
  const std::string temporary = path + std::string(kTemporary);
  comm::agree_or_throw<SaveError>(world, [&] {
    if (!first) return;
    create_folder_or_throw(folder);
    remove_temporaries(folder);
  });
  write_new_folder_or_throw(world, temporary, content, options);
  comm::agree_or_throw<SaveError>(world, [&] {
    if (!first) return;
    put_in_place_or_throw(temporary, path);
    sync_folder_or_throw(folder);
    io::write_file_or_throw(folder + "/latest", checkpoint_name(iteration) + "\n", io::Existing::replace);
    remove_temporaries(folder);
    if (options.keep_last > 0) keep_only_last(folder, iteration, options.keep_last);
  });
  return path;
}

std::string save_or_throw(const std::string& folder, std::int64_t iteration, const CheckpointContent& content,
                          const SaveOptions& options) {
  comm::SelfCommunicator self;
  return save_or_throw(self, folder, iteration, content, options);
}

void export_model_or_throw(const std::string& path, const CheckpointContent& content,
                           const SaveOptions& options) {
  if (fs::exists(path)) throw io::IoError(path, "cannot create", EEXIST);
  comm::SelfCommunicator self;
  const std::string temporary = path + std::string(kTemporary);
  write_new_folder_or_throw(self, temporary, content, options);
  rename_or_throw(temporary, path);
  const auto parent = fs::absolute(path).parent_path();
  sync_folder_or_throw(parent);
}

}  // namespace gpt::checkpoint
