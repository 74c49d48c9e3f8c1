#include "libgpt/checkpoint/model_folder.hpp"

#include <cerrno>
#include <filesystem>

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"
#include "libgpt/model/parameter_layout.hpp"

namespace gpt::checkpoint {
namespace {

namespace fs = std::filesystem;

std::string read_verified_or_throw(const std::string& folder, const std::string& name,
                                   const std::optional<ChecksumTable>& checksums) {
  const std::string path = folder + "/" + name;
  std::string content = io::read_file_or_throw(path);
  if (checksums) verify_content_or_throw(*checksums, name, path, content);
  return content;
}

const char* stem_of(OptimizerMoment moment) {
  return moment == OptimizerMoment::exp_avg ? "exp_avg" : "exp_avg_sq";
}

}  // namespace

std::optional<std::string> find_model_folder_or_throw(const std::string& folder) {
  if (fs::exists(folder + "/config.json")) return folder;
  const std::string latest = folder + "/latest";
  if (!fs::exists(latest)) return std::nullopt;
  std::string name = io::read_file_or_throw(latest);
  while (!name.empty() && (name.back() == '\n' || name.back() == '\r')) name.pop_back();
  if (name.empty() || name.find('/') != std::string::npos) {
    throw io::DataError(latest, "does not name a checkpoint beside it");
  }
  const std::string path = folder + "/" + name;
  if (!fs::exists(path + "/config.json")) {
    throw io::DataError(latest, "names " + name + ", but " + path + "/config.json does not exist");
  }
  return path;
}

ModelFolder::ModelFolder(std::string path, HuggingFaceConfig config, std::optional<ChecksumTable> checksums,
                         TensorSet weights)
    : path_(std::move(path)),
      config_(config),
      checksums_(std::move(checksums)),
      weights_(std::move(weights)) {}

ModelFolder ModelFolder::open_or_throw(const std::string& folder) {
  const auto path = find_model_folder_or_throw(folder);
  if (!path) {
    if (!fs::exists(folder)) throw io::IoError(folder, "cannot open", ENOENT);
    throw io::DataError(folder, "holds no model: neither config.json nor latest is there");
  }
  auto checksums = read_checksums_or_throw(*path);
  const auto config =
      parse_config_or_throw(*path + "/config.json", read_verified_or_throw(*path, "config.json", checksums));
  auto weights = TensorSet::open_or_throw(*path, "model", checksums);
  const model::ParameterLayout layout(config.model.shape);
  for (const auto& parameter : layout.parameters()) {
    weights.check_or_throw(parameter.name, parameter.shape);
  }
  return {*path, config, std::move(checksums), std::move(weights)};
}

std::optional<TensorSet> ModelFolder::open_optimizer_or_throw(OptimizerMoment moment) const {
  const std::string folder = path_ + "/optimizer";
  if (!fs::exists(folder)) return std::nullopt;
  return TensorSet::open_or_throw(folder, stem_of(moment), checksums_, "optimizer/");
}

std::optional<TrainerState> ModelFolder::trainer_state_or_throw() const {
  const auto json = small_file_or_throw("trainer_state.json");
  if (!json) return std::nullopt;
  return parse_trainer_state_or_throw(path_ + "/trainer_state.json", *json);
}

std::optional<std::string> ModelFolder::small_file_or_throw(const std::string& name) const {
  if (!fs::exists(path_ + "/" + name)) return std::nullopt;
  return read_verified_or_throw(path_, name, checksums_);
}

}  // namespace gpt::checkpoint
