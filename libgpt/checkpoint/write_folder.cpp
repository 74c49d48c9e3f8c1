#include "libgpt/checkpoint/write_folder.hpp"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <filesystem>
#include <map>
#include <memory>
#include <utility>

#include "libcommon/io/errors.hpp"
#include "libcommon/io/json_text.hpp"
#include "libgpt/checkpoint/chunk_checksums.hpp"
#include "libgpt/checkpoint/durable_file.hpp"
#include "libgpt/checkpoint/gather_windows.hpp"
#include "libgpt/checkpoint/safetensors_header.hpp"
#include "libgpt/checkpoint/tensor_file_writer.hpp"
#include "libgpt/checkpoint/write_plan.hpp"
#include "libgpt/comm/agreement.hpp"

namespace gpt::checkpoint {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOptimizerFolder = "optimizer";
constexpr int kChecksumsTag = 4002;

// The tensor files of one rank, while several ranks write theirs. The first error of its file is kept, and
// what comes after it is passed over, so that the messages of other ranks go on to their end.
class TensorFiles {
 public:
  TensorFiles(comm::Communicator& world, const WritePlan& plan, std::string folder)
      : world_(world), plan_(plan), folder_(std::move(folder)) {}

  // As many files at a time as there are ranks, each with a writer of its own.
  void write_all_or_throw(const CheckpointContent& content) {
    const auto ranks = static_cast<std::size_t>(world_.size());
    for (std::size_t first = 0; first < plan_.files.size(); first += ranks)
      write_wave_or_throw(first, std::min(ranks, plan_.files.size() - first), content);
  }

  const ChecksumTable& checksums() const { return checksums_; }

 private:
  void write_wave_or_throw(std::size_t first, std::size_t count, const CheckpointContent& content) {
    std::unique_ptr<TensorFileWriter> writer;
    comm::agree_or_throw<SaveError>(world_, [&] {
      for (std::size_t f = first; f < first + count; ++f) {
        const auto& file = plan_.files[f];
        if (file.writer != world_.rank()) continue;
        check_reached_or_throw();
        writer =
            std::make_unique<TensorFileWriter>(folder_ + "/" + file.name, plan_.tensors_of(file), file.type);
      }
    });
    std::exception_ptr error;
    gather_windows(world_, plan_, first, count, content, [&](std::size_t, std::span<const float> values) {
      if (error) return;
      try {
        writer->write_or_throw(values);
      } catch (...) {
        error = std::current_exception();
      }
    });
    comm::agree_or_throw<SaveError>(world_, [&] {
      if (error) std::rethrow_exception(error);
      for (std::size_t f = first; f < first + count; ++f) {
        if (plan_.files[f].writer == world_.rank())
          checksums_[plan_.files[f].name] = writer->finish_or_throw();
      }
    });
  }

  void check_reached_or_throw() const {
    if (fs::exists(folder_)) return;
    throw io::DataError(folder_,
                        "rank 0 has made it, but it is not here: checkpoints must be saved to a folder "
                        "that all ranks reach by the same path");
  }

  comm::Communicator& world_;
  const WritePlan& plan_;
  std::string folder_;
  ChecksumTable checksums_;
};

// On rank 0: the checksums of all ranks' files.
ChecksumTable gather_checksums(comm::Communicator& world, const WritePlan& plan, const ChecksumTable& mine) {
  ChecksumTable all = mine;
  for (const auto& file : plan.files) {
    if (file.writer == 0 || (world.rank() != 0 && world.rank() != file.writer)) continue;
    std::uint64_t bytes = make_safetensors_header(plan.tensors_of(file), file.type).size();
    for (const auto& tensor : plan.tensors_of(file)) bytes += bytes_of(tensor, file.type);
    std::vector<std::uint64_t> chunks((bytes + kChunkBytes - 1) / kChunkBytes);
    if (world.rank() == file.writer) {
      chunks = mine.at(file.name).chunks;
      world.send(std::as_bytes(std::span(std::as_const(chunks))), 0, kChecksumsTag);
    } else {
      world.receive(std::as_writable_bytes(std::span(chunks)), file.writer, kChecksumsTag);
      all[file.name] = {bytes, std::move(chunks)};
    }
  }
  return all;
}

// The small files of a folder.
class TextFiles {
 public:
  TextFiles(std::string folder, ChecksumTable table) : folder_(std::move(folder)), table_(std::move(table)) {}

  void write_or_throw(const std::string& name, std::string_view content) {
    table_[name] = write_unlisted_or_throw(name, content);
  }
  void write_checksums_or_throw() { write_unlisted_or_throw(kChecksumsFile, checksums_json(table_)); }

 private:
  FileChecksums write_unlisted_or_throw(const std::string& name, std::string_view content) {
    DurableFile file(folder_ + "/" + name);
    file.write_or_throw(content);
    return file.finish_or_throw();
  }

  std::string folder_;
  ChecksumTable table_;
};

// Which file of a set holds which tensor.
std::string index_json(const WritePlan& plan, std::size_t set) {
  std::uint64_t total = 0;
  std::string map;
  for (const auto& file : plan.files) {
    if (file.set != set) continue;
    const std::string base = file.name.substr(file.name.rfind('/') + 1);  // it names files beside it
    for (const auto& tensor : plan.tensors_of(file)) {
      total += bytes_of(tensor, file.type);
      if (!map.empty()) map += ",\n";
      map += "    " + io::json_string(tensor.name) + ": " + io::json_string(base);
    }
  }
  return "{\n  \"metadata\": {\"total_size\": " + std::to_string(total) + "},\n  \"weight_map\": {\n" + map +
         "\n  }\n}\n";
}

const char* torch_name(tensor::DType type) {
  if (type == tensor::DType::bf16) return "bfloat16";
  if (type == tensor::DType::f16) return "float16";
  return "float32";
}

void write_texts_or_throw(const std::string& folder, const WritePlan& plan, const CheckpointContent& content,
                          const SaveOptions& options, ChecksumTable checksums) {
  TextFiles texts(folder, std::move(checksums));
  for (std::size_t set = 0; set < kSetStems.size(); ++set) {
    const auto files = std::count_if(plan.files.begin(), plan.files.end(),
                                     [&](const PlannedFile& file) { return file.set == set; });
    if (files > 1)
      texts.write_or_throw(std::string(kSetStems[set]) + ".safetensors.index.json", index_json(plan, set));
  }
  if (content.trainer_state)
    texts.write_or_throw("trainer_state.json", trainer_state_json(*content.trainer_state));
  for (const auto& extra : content.extra_files) texts.write_or_throw(extra.name, extra.content);
  texts.write_or_throw("config.json", config_json(content.config, torch_name(options.dtype)));
  texts.write_checksums_or_throw();
}

void create_optimizer_folder_or_throw(const std::string& folder) {
  const std::string path = folder + "/" + kOptimizerFolder;
  std::error_code error;
  if (!fs::create_directory(path, error)) throw io::IoError(path, "cannot create", error.value());
}

}  // namespace

void write_folder_or_throw(comm::Communicator& world, const std::string& folder,
                           const CheckpointContent& content, const SaveOptions& options) {
  const WritePlan plan = make_write_plan_or_throw(world, content, options);
  check_coverage_or_throw(world, plan);
  const bool first = world.rank() == 0;
  comm::agree_or_throw<SaveError>(world, [&] {
    if (first && plan.saves_moments()) create_optimizer_folder_or_throw(folder);
  });
  TensorFiles tensors(world, plan, folder);
  tensors.write_all_or_throw(content);
  const ChecksumTable checksums = gather_checksums(world, plan, tensors.checksums());
  comm::agree_or_throw<SaveError>(world, [&] {
    if (!first) return;
    write_texts_or_throw(folder, plan, content, options, checksums);
    if (plan.saves_moments()) sync_folder_or_throw(folder + "/" + kOptimizerFolder);
    sync_folder_or_throw(folder);
  });
}

}  // namespace gpt::checkpoint
