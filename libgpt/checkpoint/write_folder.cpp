#include "libgpt/checkpoint/write_folder.hpp"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "libcommon/io/errors.hpp"
#include "libcommon/io/json_text.hpp"
#include "libgpt/checkpoint/chunk_checksums.hpp"
#include "libgpt/checkpoint/durable_file.hpp"
#include "libgpt/checkpoint/element_type.hpp"
#include "libgpt/checkpoint/safetensors_header.hpp"

namespace gpt::checkpoint {
namespace {

using Shard = std::vector<TensorView>;

// Tensors in their order, cut before the one that would make a shard larger than the limit.
std::vector<Shard> cut_into_shards(const std::vector<TensorView>& tensors, tensor::DType type,
                                   std::uint64_t max_bytes) {
  std::vector<Shard> shards(1);
  std::uint64_t filled = 0;
  for (const auto& view : tensors) {
    const std::uint64_t bytes = view.values.size() * tensor::size_in_bytes(type);
    if (!shards.back().empty() && filled + bytes > max_bytes) {
      shards.emplace_back();
      filled = 0;
    }
    shards.back().push_back(view);
    filled += bytes;
  }
  return shards;
}

class FolderWriter {
 public:
  explicit FolderWriter(std::string folder) : folder_(std::move(folder)) {}

  void write_text(const std::string& name, std::string_view content) {
    DurableFile file(folder_ + "/" + name);
    file.write_or_throw(content);
    table_[name] = file.finish_or_throw();
  }

  void write_tensors(const std::string& name, const Shard& tensors, tensor::DType type) {
    DurableFile file(folder_ + "/" + name);
    file.write_or_throw(make_safetensors_header(tensors, type));
    // Converted piece by piece, so that a large tensor needs no second copy.
    constexpr std::size_t kPiece = std::size_t{1} << 18;
    std::string encoded;
    for (const auto& view : tensors) {
      for (std::size_t begin = 0; begin < view.values.size(); begin += kPiece) {
        encoded.clear();
        append_encoded_floats(type, view.values.subspan(begin, std::min(kPiece, view.values.size() - begin)),
                              encoded);
        file.write_or_throw(encoded);
      }
    }
    table_[name] = file.finish_or_throw();
  }

  // stem.safetensors, or numbered shards and their index.
  void write_tensor_set(const std::string& stem, const std::vector<TensorView>& tensors, tensor::DType type,
                        std::uint64_t max_shard_bytes) {
    const auto shards = cut_into_shards(tensors, type, max_shard_bytes);
    if (shards.size() == 1) return write_tensors(stem + ".safetensors", shards.front(), type);
    const std::string base = stem.substr(stem.rfind('/') + 1);  // the index names files beside it
    std::uint64_t total = 0;
    std::string map;
    for (std::size_t i = 0; i < shards.size(); ++i) {
      char number[32];
      std::snprintf(number, sizeof number, "-%05zu-of-%05zu", i + 1, shards.size());
      write_tensors(stem + number + ".safetensors", shards[i], type);
      for (const auto& view : shards[i]) {
        total += view.values.size() * tensor::size_in_bytes(type);
        if (!map.empty()) map += ",\n";
        map += "    " + io::json_string(view.name) + ": " + io::json_string(base + number + ".safetensors");
      }
    }
    write_text(stem + ".safetensors.index.json",
               "{\n  \"metadata\": {\"total_size\": " + std::to_string(total) + "},\n  \"weight_map\": {\n" +
                   map + "\n  }\n}\n");
  }

  void write_checksums() {
    DurableFile file(folder_ + "/" + kChecksumsFile);
    file.write_or_throw(checksums_json(table_));
    file.finish_or_throw();
  }

 private:
  std::string folder_;
  ChecksumTable table_;
};

void check_views(const std::vector<TensorView>& tensors) {
  for (const auto& view : tensors) {
    if (static_cast<std::int64_t>(view.values.size()) != element_count(view.shape)) {
      throw std::logic_error("tensor " + view.name + " of shape " + shape_text(view.shape) + " has " +
                             std::to_string(view.values.size()) + " elements");
    }
  }
}

const char* torch_name(tensor::DType type) {
  if (type == tensor::DType::bf16) return "bfloat16";
  if (type == tensor::DType::f16) return "float16";
  return "float32";
}

}  // namespace

void write_folder_or_throw(const std::string& folder, const CheckpointContent& content,
                           const SaveOptions& options) {
  check_views(content.weights);
  check_views(content.exp_avg);
  check_views(content.exp_avg_sq);
  FolderWriter writer(folder);
  writer.write_tensor_set("model", content.weights, options.dtype, options.max_shard_bytes);
  if (!content.exp_avg.empty()) {
    const std::string optimizer = folder + "/optimizer";
    std::error_code error;
    if (!std::filesystem::create_directory(optimizer, error)) {
      throw io::IoError(optimizer, "cannot create", error.value());
    }
    writer.write_tensor_set("optimizer/exp_avg", content.exp_avg, tensor::DType::f32,
                            options.max_shard_bytes);
    writer.write_tensor_set("optimizer/exp_avg_sq", content.exp_avg_sq, tensor::DType::f32,
                            options.max_shard_bytes);
    sync_folder_or_throw(optimizer);
  }
  if (content.trainer_state)
    writer.write_text("trainer_state.json", trainer_state_json(*content.trainer_state));
  for (const auto& extra : content.extra_files) writer.write_text(extra.name, extra.content);
  writer.write_text("config.json", config_json(content.config, torch_name(options.dtype)));
  writer.write_checksums();
  sync_folder_or_throw(folder);
}

}  // namespace gpt::checkpoint
