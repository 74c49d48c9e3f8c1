#include "libgpt/checkpoint/tensor_set.hpp"

#include <filesystem>
#include <set>

#include <simdjson.h>

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"

namespace gpt::checkpoint {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "transformer.";

std::string without_prefix(std::string_view name) {
  if (name.substr(0, kPrefix.size()) == kPrefix) name.remove_prefix(kPrefix.size());
  return std::string(name);
}

// Tensor name → file name, as model.safetensors.index.json has it.
std::map<std::string, std::string> read_weight_map_or_throw(const std::string& path) {
  const simdjson::padded_string json(io::read_file_or_throw(path));
  simdjson::dom::parser parser;
  simdjson::dom::object map;
  if (parser.parse(json)["weight_map"].get(map) != simdjson::SUCCESS) {
    throw io::DataError(path, "no JSON object with a weight_map");
  }
  std::map<std::string, std::string> weight_map;
  for (const auto [name, value] : map) {
    std::string_view file;
    if (value.get(file) != simdjson::SUCCESS || file.empty() || file.find('/') != std::string_view::npos) {
      throw io::DataError(path, "the weight_map gives no file name for " + std::string(name));
    }
    weight_map[std::string(name)] = file;
  }
  return weight_map;
}

}  // namespace

TensorSet TensorSet::open_or_throw(const std::string& folder, const std::string& stem,
                                   const std::optional<ChecksumTable>& checksums,
                                   const std::string& name_prefix) {
  const auto open = [&](const std::string& file_name) {
    std::optional<FileChecksums> sums;
    if (checksums) {
      const auto found = checksums->find(name_prefix + file_name);
      if (found != checksums->end()) sums = found->second;
    }
    return SafetensorsFile::open_or_throw(folder + "/" + file_name, std::move(sums));
  };

  TensorSet set;
  const std::string single = stem + ".safetensors";
  const std::string index = folder + "/" + single + ".index.json";
  if (fs::exists(folder + "/" + single)) {
    set.source_ = folder + "/" + single;
    set.add_file_or_throw(open(single));
    return set;
  }
  if (!fs::exists(index)) {
    std::string hint;
    if (fs::exists(folder + "/pytorch_model.bin")) {
      hint =
          "; pytorch_model.bin is not read: save the model again with transformers, which writes safetensors";
    }
    throw io::DataError(folder, "holds neither " + single + " nor " + single + ".index.json" + hint);
  }
  set.source_ = index;
  const auto weight_map = read_weight_map_or_throw(index);
  std::set<std::string> names;
  for (const auto& [tensor, file] : weight_map) names.insert(file);
  for (const auto& name : names) set.add_file_or_throw(open(name));
  for (const auto& [tensor, file] : weight_map) {
    if (!set.contains(tensor))
      throw io::DataError(folder + "/" + file, "has no tensor " + tensor + ", but " + index + " says so");
  }
  return set;
}

void TensorSet::add_file_or_throw(SafetensorsFile file) {
  for (std::size_t i = 0; i < file.entries().size(); ++i) {
    const auto& name = file.entries()[i].name;
    if (!places_.try_emplace(without_prefix(name), Place{files_.size(), i}).second) {
      throw io::DataError(file.path(), "tensor " + name + " is there twice");
    }
  }
  files_.push_back(std::move(file));
}

bool TensorSet::contains(const std::string& name) const { return places_.count(without_prefix(name)) != 0; }

const TensorSet::Place& TensorSet::find_or_throw(const std::string& name, const Shape& shape) const {
  const auto found = places_.find(without_prefix(name));
  if (found == places_.end()) {
    throw io::DataError(source_, "has no tensor " + name + ", wanted with shape " + shape_text(shape));
  }
  const auto& file = files_[found->second.file];
  const auto& entry = file.entries()[found->second.entry];
  if (entry.shape != shape) {
    throw io::DataError(file.path(), "tensor " + entry.name + " has shape " + shape_text(entry.shape) +
                                         ", but the configuration asks for " + shape_text(shape));
  }
  return found->second;
}

void TensorSet::check_or_throw(const std::string& name, const Shape& shape) const {
  find_or_throw(name, shape);
}

void TensorSet::read_or_throw(const std::string& name, const Shape& shape, std::span<float> values) {
  if (static_cast<std::int64_t>(values.size()) != element_count(shape)) {
    throw std::logic_error("read_or_throw: room for " + std::to_string(values.size()) + " elements of " +
                           name + " " + shape_text(shape));
  }
  read_part_or_throw(name, shape, model::whole_tensor(shape), 0, values);
}

void TensorSet::read_part_or_throw(const std::string& name, const Shape& shape, const model::TensorPart& part,
                                   std::int64_t first, std::span<float> values) {
  const auto& place = find_or_throw(name, shape);
  if (part.rows * part.columns != element_count(shape) || first < 0 ||
      first + std::ssize(values) > part.count()) {
    throw std::logic_error("read_part_or_throw: the part lies outside of " + name + " " + shape_text(shape));
  }
  auto& file = files_[place.file];
  file.read_part_or_throw(file.entries()[place.entry], part, first, values);
}

}  // namespace gpt::checkpoint
