// NCCL between threads, as strict as the real one: what a group is given is passed when all of its ranks have
// come to it on their streams, in the order in which it was given.
#include "tests/unit/libgpt/comm/cuda/pretended_nccl.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <tuple>
#include <utility>
#include <vector>

#include <nccl.h>

#include "libgpt/comm/combine.hpp"
#include "tests/unit/libgpt/comm/cuda/pretended_cuda.hpp"

namespace {

using gpt::comm::Reduction;
using gpt::tensor::DType;
using gpt::test::wait_until;

enum class Kind { all_reduce, reduce_scatter, all_gather, broadcast };

DType type_of(ncclDataType_t type) {
  if (type == ncclFloat32) return DType::f32;
  if (type == ncclInt32) return DType::i32;
  if (type == ncclInt64) return DType::i64;
  if (type == ncclBfloat16) return DType::bf16;
  return type == ncclFloat64 ? DType::f64 : DType::u8;
}

Reduction reduction_of(ncclRedOp_t operation) {
  if (operation == ncclMax) return Reduction::max;
  return operation == ncclMin ? Reduction::min : Reduction::sum;
}

struct Part {
  Kind kind = Kind::all_reduce;
  const void* source = nullptr;
  void* target = nullptr;
  std::size_t count = 0;
  DType type = DType::f32;
  Reduction reduction = Reduction::sum;
  int root = 0;
};

struct Meeting {
  std::vector<Part> parts;
  int arrived = 0;
  bool done = false;
};

struct Choice {
  int colour, key;
};

struct Group {
  explicit Group(int ranks) : size(ranks) {}
  int size;
  std::mutex mutex;
  std::map<std::size_t, Meeting> meetings;
  std::map<std::tuple<int, int, std::size_t>, Meeting> messages;
  std::map<std::size_t, std::vector<Choice>> splits;
  std::map<std::size_t, int> chosen;
  std::map<std::pair<std::size_t, int>, std::shared_ptr<Group>> parts;
  ncclResult_t error = ncclSuccess;
};

std::mutex g_mutex;
std::vector<std::shared_ptr<Group>> g_groups;

void carry_out(Group& group, const std::vector<Part>& parts) {
  const Part& first = parts.front();
  const std::size_t element = gpt::tensor::size_in_bytes(first.type);
  const auto differs = [&](const Part& part) { return part.kind != first.kind || part.count != first.count; };
  if (std::any_of(parts.begin(), parts.end(), differs)) {
    group.error = ncclInvalidUsage;
    return;
  }
  const auto ranks = parts.size();
  const std::size_t bytes = first.count * element;
  const bool adds = first.kind == Kind::all_reduce || first.kind == Kind::reduce_scatter;
  const std::size_t whole = first.kind == Kind::reduce_scatter ? bytes * ranks : bytes;
  std::vector<std::byte> result;
  if (first.kind == Kind::all_gather) {
    for (const Part& part : parts) {
      const auto* data = static_cast<const std::byte*>(part.source);
      result.insert(result.end(), data, data + bytes);
    }
  } else {
    const auto* data = static_cast<const std::byte*>(
        adds ? first.source : parts[static_cast<std::size_t>(first.root)].source);
    result.assign(data, data + whole);
  }
  for (std::size_t rank = 1; adds && rank < ranks; ++rank)
    gpt::comm::combine(first.type, first.reduction, result.data(), parts[rank].source, result.data(),
                       whole / element);
  for (std::size_t rank = 0; rank < ranks; ++rank) {
    const std::size_t begin = first.kind == Kind::reduce_scatter ? rank * bytes : 0;
    std::memcpy(parts[rank].target, result.data() + begin,
                first.kind == Kind::all_gather ? result.size() : bytes);
  }
}

// What communicators of one rank share that are split with splitShare: the real ones then start their kernels
// one after the other, in the order in which they were given.
struct Family {
  using Done = std::shared_ptr<std::atomic<bool>>;
  Done last = std::make_shared<std::atomic<bool>>(true);
};

}  // namespace

struct ncclComm {
  std::shared_ptr<Group> group;
  int rank = 0;
  std::shared_ptr<Family> family = std::make_shared<Family>();
  std::size_t collectives = 0, splits = 0;
  std::array<std::size_t, 2> sends{}, receives{};
};

namespace {

// Given from the one thread of a rank.
void push_in_turn(ncclComm_t handle, cudaStream_t stream, std::function<void()> work) {
  const auto done = std::make_shared<std::atomic<bool>>(false);
  gpt::test::push(stream, [before = std::exchange(handle->family->last, done), done, work = std::move(work)] {
    wait_until([&] { return before->load(); });
    work();
    *done = true;
  });
}

ncclResult_t collective(ncclComm_t handle, cudaStream_t stream, const Part& part) {
  const std::size_t number = handle->collectives++;
  push_in_turn(handle, stream, [group = handle->group, rank = handle->rank, number, part] {
    Meeting* meeting = nullptr;
    {
      const std::lock_guard lock(group->mutex);
      meeting = &group->meetings[number];
      meeting->parts.resize(static_cast<std::size_t>(group->size));
      meeting->parts[static_cast<std::size_t>(rank)] = part;
      if (++meeting->arrived == group->size) {
        carry_out(*group, meeting->parts);
        meeting->done = true;
      }
    }
    wait_until([&] {
      const std::lock_guard lock(group->mutex);
      return meeting->done;
    });
  });
  return ncclSuccess;
}

std::atomic<std::size_t> g_messages = 0;

// Side 0 sends, side 1 receives.
ncclResult_t message(ncclComm_t handle, cudaStream_t stream, int from, int to, std::size_t number,
                     std::size_t side, const Part& part) {
  g_messages += side == 0 ? 1 : 0;
  push_in_turn(handle, stream, [group = handle->group, key = std::tuple(from, to, number), side, part] {
    Meeting* meeting = nullptr;
    {
      const std::lock_guard lock(group->mutex);
      meeting = &group->messages[key];
      meeting->parts.resize(2);
      meeting->parts[side] = part;
      if (++meeting->arrived == 2) {
        const Part& sent = meeting->parts[0];
        if (sent.count != meeting->parts[1].count) group->error = ncclInvalidUsage;
        if (sent.count == meeting->parts[1].count)
          std::memcpy(meeting->parts[1].target, sent.source,
                      sent.count * gpt::tensor::size_in_bytes(sent.type));
        meeting->done = true;
      }
    }
    wait_until([&] {
      const std::lock_guard lock(group->mutex);
      return meeting->done;
    });
  });
  return ncclInProgress;  // as a communicator that does not block may say
}

}  // namespace

std::size_t gpt::test::messages_by_nccl() { return g_messages; }

extern "C" {

ncclResult_t ncclGetVersion(int* version) { return *version = 22809, ncclSuccess; }
const char* ncclGetErrorString(ncclResult_t) { return "pretended"; }
const char* ncclGetLastError(ncclComm_t) { return ""; }
ncclResult_t ncclGetUniqueId(ncclUniqueId* id) {
  const std::lock_guard lock(g_mutex);
  const std::size_t number = g_groups.size();
  g_groups.push_back(nullptr);
  std::memset(id->internal, 0, sizeof id->internal);
  std::memcpy(id->internal, &number, sizeof number);
  return ncclSuccess;
}
ncclResult_t ncclCommInitRankConfig(ncclComm_t* handle, int ranks, ncclUniqueId id, int rank,
                                    ncclConfig_t* config) {
  if (config->blocking != 0) return ncclInvalidUsage;
  std::size_t number = 0;
  std::memcpy(&number, id.internal, sizeof number);
  const std::lock_guard lock(g_mutex);
  if (!g_groups.at(number)) g_groups[number] = std::make_shared<Group>(ranks);
  *handle = new ncclComm{g_groups[number], rank};
  return ncclInProgress;
}
ncclResult_t ncclCommSplit(ncclComm_t handle, int colour, int key, ncclComm_t* made, ncclConfig_t* config) {
  Group& group = *handle->group;
  const std::size_t number = handle->splits++;
  std::unique_lock lock(group.mutex);
  auto& choices = group.splits[number];
  choices.resize(static_cast<std::size_t>(group.size));
  choices[static_cast<std::size_t>(handle->rank)] = {colour, key};
  ++group.chosen[number];
  lock.unlock();
  wait_until([&] {
    const std::lock_guard again(group.mutex);
    return group.chosen[number] == group.size;
  });
  lock.lock();
  *made = nullptr;
  if (colour == NCCL_SPLIT_NOCOLOR) return ncclSuccess;
  std::vector<std::pair<int, int>> members;  // key and rank
  for (int rank = 0; rank < group.size; ++rank) {
    const Choice& choice = choices[static_cast<std::size_t>(rank)];
    if (choice.colour == colour) members.emplace_back(choice.key, rank);
  }
  std::sort(members.begin(), members.end());
  auto& part = group.parts[{number, colour}];
  if (!part) part = std::make_shared<Group>(static_cast<int>(members.size()));
  const auto me = std::find(members.begin(), members.end(), std::pair(key, handle->rank));
  *made = new ncclComm{part, static_cast<int>(me - members.begin())};
  if (config->splitShare == 1) (*made)->family = handle->family;
  return ncclInProgress;
}
ncclResult_t ncclCommFinalize(ncclComm_t) { return ncclInProgress; }
ncclResult_t ncclCommDestroy(ncclComm_t handle) {
  delete handle;
  return ncclSuccess;
}
ncclResult_t ncclCommAbort(ncclComm_t handle) { return ncclCommDestroy(handle); }
ncclResult_t ncclCommGetAsyncError(ncclComm_t handle, ncclResult_t* error) {
  const std::lock_guard lock(handle->group->mutex);
  *error = handle->group->error;
  return ncclSuccess;
}
ncclResult_t ncclCommCount(const ncclComm_t handle, int* count) {
  return *count = handle->group->size, ncclSuccess;
}
ncclResult_t ncclCommUserRank(const ncclComm_t handle, int* rank) {
  return *rank = handle->rank, ncclSuccess;
}

ncclResult_t ncclAllReduce(const void* source, void* target, std::size_t count, ncclDataType_t type,
                           ncclRedOp_t operation, ncclComm_t handle, cudaStream_t stream) {
  return collective(handle, stream,
                    {Kind::all_reduce, source, target, count, type_of(type), reduction_of(operation)});
}
ncclResult_t ncclReduceScatter(const void* source, void* target, std::size_t count, ncclDataType_t type,
                               ncclRedOp_t operation, ncclComm_t handle, cudaStream_t stream) {
  return collective(handle, stream,
                    {Kind::reduce_scatter, source, target, count, type_of(type), reduction_of(operation)});
}
ncclResult_t ncclAllGather(const void* source, void* target, std::size_t count, ncclDataType_t type,
                           ncclComm_t handle, cudaStream_t stream) {
  return collective(handle, stream, {Kind::all_gather, source, target, count, type_of(type)});
}
ncclResult_t ncclBroadcast(const void* source, void* target, std::size_t count, ncclDataType_t type, int root,
                           ncclComm_t handle, cudaStream_t stream) {
  return collective(handle, stream,
                    {Kind::broadcast, source, target, count, type_of(type), Reduction::sum, root});
}
ncclResult_t ncclSend(const void* source, std::size_t count, ncclDataType_t type, int peer, ncclComm_t handle,
                      cudaStream_t stream) {
  const std::size_t number = handle->sends.at(static_cast<std::size_t>(peer))++;
  Part part;
  part.source = source, part.count = count, part.type = type_of(type);
  return message(handle, stream, handle->rank, peer, number, 0, part);
}
ncclResult_t ncclRecv(void* target, std::size_t count, ncclDataType_t type, int peer, ncclComm_t handle,
                      cudaStream_t stream) {
  const std::size_t number = handle->receives.at(static_cast<std::size_t>(peer))++;
  Part part;
  part.target = target, part.count = count, part.type = type_of(type);
  return message(handle, stream, peer, handle->rank, number, 1, part);
}

}  // extern "C"
