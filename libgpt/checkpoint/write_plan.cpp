#include "libgpt/checkpoint/write_plan.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <stdexcept>
#include <type_traits>

#include "libgpt/checkpoint/safetensors_header.hpp"
#include "libgpt/comm/agreement.hpp"
#include "libgpt/comm/byte_strings.hpp"
#include "libgpt/model/parameter_layout.hpp"

namespace gpt::checkpoint {
namespace {

// A piece as it is told to the other ranks.
struct Record {
  std::int64_t set = 0, tensor = 0;
  std::int64_t first_row = 0, row_count = 0;
  std::int64_t first_column = 0, column_count = 0;
  std::int64_t stretches = 0, stretch_distance = 0;
  std::int64_t first = 0, count = 0;
};
static_assert(std::is_trivially_copyable_v<Record>);

std::vector<LogicalTensor> tensors_of_model(const CheckpointContent& content) {
  const model::ParameterLayout layout(content.config.model.shape);
  std::vector<LogicalTensor> tensors;
  for (const auto& parameter : layout.parameters()) tensors.push_back({parameter.name, parameter.shape});
  return tensors;
}

Record record_or_throw(const TensorPiece& piece, std::size_t set,
                       const std::map<std::string_view, std::size_t>& numbers,
                       const std::vector<LogicalTensor>& tensors) {
  const auto refuse = [&](const std::string& reason) {
    throw std::logic_error("cannot save tensor " + piece.name + ": " + reason);
  };
  const auto found = numbers.find(piece.name);
  if (found == numbers.end()) refuse("the model has none of that name");
  const auto& wanted = tensors[found->second].shape;
  if (piece.shape != wanted)
    refuse("it has shape " + shape_text(piece.shape) + ", but in the model " + shape_text(wanted));
  const auto& part = piece.part;
  const auto whole = model::whole_tensor(wanted);
  if (part.rows != whole.rows || part.columns != whole.columns ||
      part.first_row + part.row_count > part.rows ||
      part.first_column + (part.stretches - 1) * part.stretch_distance + part.column_count > part.columns ||
      piece.first + static_cast<std::int64_t>(piece.values.size()) > part.count()) {
    refuse("a piece of it lies outside of its shape " + shape_text(wanted));
  }
  return {static_cast<std::int64_t>(set),
          static_cast<std::int64_t>(found->second),
          part.first_row,
          part.row_count,
          part.first_column,
          part.column_count,
          part.stretches,
          part.stretch_distance,
          piece.first,
          static_cast<std::int64_t>(piece.values.size())};
}

std::vector<Record> records_or_throw(const CheckpointContent& content,
                                     const std::vector<LogicalTensor>& tensors) {
  std::map<std::string_view, std::size_t> numbers;
  for (std::size_t i = 0; i < tensors.size(); ++i) numbers[tensors[i].name] = i;
  std::vector<Record> records;
  for (std::size_t set = 0; set < kSetStems.size(); ++set) {
    for (const auto& piece : pieces_of(content, set))
      records.push_back(record_or_throw(piece, set, numbers, tensors));
  }
  return records;
}

// The records of every rank, those of rank r at [r].
std::vector<std::vector<Record>> exchange(comm::Communicator& world, const std::vector<Record>& mine) {
  const std::string_view bytes(reinterpret_cast<const char*>(mine.data()), mine.size() * sizeof(Record));
  std::vector<std::vector<Record>> records;
  for (const std::string& given : comm::all_gather_strings(world, bytes)) {
    auto& of_rank = records.emplace_back(given.size() / sizeof(Record));
    std::copy_n(given.data(), given.size(), reinterpret_cast<char*>(of_rank.data()));
  }
  return records;
}

void add_contributions(WritePlan& plan, const std::vector<std::vector<Record>>& records) {
  for (std::size_t rank = 0; rank < records.size(); ++rank) {
    std::array<std::size_t, kSetStems.size()> pieces{};
    for (const auto& record : records[rank]) {
      const auto set = static_cast<std::size_t>(record.set);
      const auto tensor = static_cast<std::size_t>(record.tensor);
      for (std::size_t moment = 1; set > 0 && moment < kSetStems.size(); ++moment)
        plan.contributions[moment].resize(plan.tensors.size());
      model::TensorPart part = model::whole_tensor(plan.tensors[tensor].shape);
      part.first_row = record.first_row;
      part.row_count = record.row_count;
      part.first_column = record.first_column;
      part.column_count = record.column_count;
      part.stretches = record.stretches;
      part.stretch_distance = record.stretch_distance;
      plan.contributions[set][tensor].push_back(
          {static_cast<int>(rank), pieces[set]++, part, record.first, record.count});
    }
  }
}

// Tensors in their order, cut before the one that would make a file larger than the limit.
std::vector<PlannedFile> cut_into_files(const std::vector<LogicalTensor>& tensors, std::size_t set,
                                        tensor::DType type, std::uint64_t max_bytes) {
  std::vector<PlannedFile> files(1);
  std::uint64_t filled = 0;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const std::uint64_t bytes = bytes_of(tensors[i], type);
    if (files.back().count > 0 && filled + bytes > max_bytes) {
      files.emplace_back().first = i;
      filled = 0;
    }
    ++files.back().count;
    filled += bytes;
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    char number[32] = "";
    if (files.size() > 1) std::snprintf(number, sizeof number, "-%05zu-of-%05zu", i + 1, files.size());
    files[i].name = std::string(kSetStems[set]) + number + ".safetensors";
    files[i].set = set;
    files[i].type = type;
  }
  return files;
}

// Round-robin; where ranks are more than files, spread over all of them, and so over nodes.
void choose_writers(std::vector<PlannedFile>& files, int ranks) {
  const auto size = static_cast<std::size_t>(ranks);
  for (std::size_t i = 0; i < files.size(); ++i)
    files[i].writer = static_cast<int>(files.size() < size ? i * size / files.size() : i % size);
}

struct GivenRun {
  std::int64_t begin = 0, end = 0;
  int rank = 0;
};

void check_tensor_or_throw(const WritePlan& plan, std::size_t set, std::size_t tensor) {
  std::vector<GivenRun> runs;
  for (const auto& given : plan.contributions[set][tensor]) {
    for (const auto& run : model::runs_of(given.part, given.first, given.first + given.count))
      runs.push_back({run.global, run.global + run.count, given.rank});
  }
  std::sort(runs.begin(), runs.end(), [](const GivenRun& a, const GivenRun& b) { return a.begin < b.begin; });
  const auto refuse = [&](std::int64_t element, const std::string& reason) {
    throw std::logic_error("cannot save " + std::string(kSetStems[set]) + ": element " +
                           std::to_string(element) + " of tensor " + plan.tensors[tensor].name + " " +
                           shape_text(plan.tensors[tensor].shape) + " is given by " + reason);
  };
  std::int64_t reached = 0;
  int last = 0;
  for (const auto& run : runs) {
    if (run.begin > reached) refuse(reached, "no rank");
    if (run.begin < reached)
      refuse(run.begin, "rank " + std::to_string(last) + " and by rank " + std::to_string(run.rank));
    reached = run.end;
    last = run.rank;
  }
  if (reached < element_count(plan.tensors[tensor].shape)) refuse(reached, "no rank");
}

}  // namespace

WritePlan make_write_plan_or_throw(comm::Communicator& world, const CheckpointContent& content,
                                   const SaveOptions& options) {
  WritePlan plan;
  std::vector<Record> mine;
  comm::agree_or_throw<SaveError>(world, [&] {
    plan.tensors = tensors_of_model(content);
    mine = records_or_throw(content, plan.tensors);
  });
  plan.contributions[0].resize(plan.tensors.size());
  add_contributions(plan, exchange(world, mine));
  for (std::size_t set = 0; set < kSetStems.size(); ++set) {
    if (!plan.saves_set(set)) continue;
    const auto type = set == 0 ? options.dtype : tensor::DType::f32;
    const auto files = cut_into_files(plan.tensors, set, type, options.max_shard_bytes);
    plan.files.insert(plan.files.end(), files.begin(), files.end());
  }
  choose_writers(plan.files, world.size());
  return plan;
}

void check_coverage_or_throw(comm::Communicator& world, const WritePlan& plan) {
  comm::agree_or_throw<SaveError>(world, [&] {
    for (const auto& file : plan.files) {
      if (file.writer != world.rank()) continue;
      for (std::size_t i = 0; i < file.count; ++i) check_tensor_or_throw(plan, file.set, file.first + i);
    }
  });
}

}  // namespace gpt::checkpoint
