#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "libgpt/tensor/device.hpp"
#include "tests/support/cuda_on_cpu/fiber.hpp"
#include "tests/support/cuda_on_cpu/site.hpp"
#include "tests/support/cuda_on_cpu/vector_types.hpp"

namespace gpt::cuda_on_cpu {

// A kernel that does what the language forbids, or that cannot go on.
class KernelError : public tensor::DeviceError {
 public:
  using DeviceError::DeviceError;
};

constexpr unsigned kWarpSize = 32;
constexpr std::size_t kMaxBlockThreads = 1024;
constexpr std::size_t kMaxStaticShared = std::size_t{48} * 1024;
constexpr std::size_t kMaxShared = std::size_t{227} * 1024;  // of a block, on sm_90
constexpr std::size_t kSharedAlignment = 128;

// Copies to shared memory that a thread has asked for and not waited for.
struct AsyncCopies {
  struct Copy {
    std::byte* to;
    std::byte data[16];
    std::uint8_t bytes;
  };
  std::vector<Copy> copies;         // oldest first
  std::vector<std::size_t> groups;  // the count of copies in each committed group, oldest first
  std::size_t uncommitted = 0;

  void clear() {
    copies.clear();
    groups.clear();
    uncommitted = 0;
  }
};

// One CUDA thread.
struct Thread {
  enum class State : std::uint8_t { fresh, ready, waiting, exited };

  uint3 index;      // threadIdx
  unsigned number;  // in the block
  unsigned lane, warp;
  State state;
  std::uint32_t priority;
  Fiber* fiber;  // while it has begun and not exited
  bool at_barrier;
  const char* what;  // it waits in, and where
  Site site;
  AsyncCopies async;
};

// What the lanes of a warp leave for each other in one collective operation.
struct Posted {
  static constexpr std::size_t kSlot = 48;
  struct alignas(16) Slot {
    std::byte bytes[kSlot];
  };
  unsigned lanes;  // that take part
  Slot slots[kWarpSize];
};

// The collective operations of one mask. Two buffers: a lane may post for the next while another still
// reads this one's.
struct Meeting {
  unsigned mask;
  unsigned arrived;
  const char* what;
  Site site;
  void (*complete)(Posted&);
  unsigned generation;
  Posted posted[2];
};

struct Warp {
  unsigned live;
  std::vector<std::unique_ptr<Meeting>> meetings;
};

// A shared array of the block that runs: exactly its size, and filled with NaNs (all bits set) for every
// block.
class SharedArray {
 public:
  SharedArray(const void* key, std::size_t bytes);
  ~SharedArray();
  SharedArray(SharedArray&& other) noexcept;
  SharedArray& operator=(SharedArray&&) = delete;

  const void* key() const { return key_; }
  std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }
  void poison();
  // Whether something was written just before or behind it. AddressSanitizer sees that earlier.
  bool overrun() const;

 private:
  const void* key_;
  std::byte* memory_;
  std::byte* data_;
  std::size_t size_;
};

struct Launch {
  dim3 grid, block;
  std::size_t shared_bytes;
  std::string where;
  void (*call)(const void* closure);
  const void* closure;
};

// Runs launches of one OS thread: a block's threads as fibers, blocks one after the other.
class Machine {
 public:
  ~Machine();
  // Throws KernelError, and what the kernel throws.
  void run(const Launch& launch);

  const Launch& launch() const { return *launch_; }
  uint3 block_index() const { return block_index_; }

  // From within a kernel, for the thread that runs:
  enum class Vote { count, all, any };
  int barrier(Vote vote, bool predicate, const char* what, const Site& site);
  // Whether what lanes did before is seen by the others after; of a GPU's instructions only __syncwarp says
  // so.
  enum class Memory { as_it_is, ordered };
  // Posts bytes of an operand and waits until all live lanes of the mask have done so; the last of them runs
  // complete. The result is valid until the lane's next meeting under this mask.
  Posted& meet(unsigned mask, const char* what, const Site& site, const void* operand, std::size_t bytes,
               void (*complete)(Posted&) = nullptr, Memory memory = Memory::as_it_is);
  std::byte* shared_array(const void* key, std::size_t bytes);
  std::byte* dynamic_shared() { return dynamic_shared_ ? dynamic_shared_->data() : nullptr; }
  void check_shared(const void* address, std::size_t bytes, const char* what, const Site& site) const;
  // A moment at which another thread might run first: with a seed it sometimes does.
  void maybe_yield();
  bool coin();
  [[noreturn]] void fail(const std::string& message, const Site& site) const;

 private:
  static void run_fiber(void* machine);
  void run_threads_on_this_fiber();
  void end_thread(Fiber& fiber);
  void run_block();
  void prepare_threads();
  void prepare_shared();
  void check_overruns() const;
  void leave(Thread& thread);  // it has exited
  void abandon();              // after an error: nothing on the stacks is needed
  std::vector<std::uint64_t> order_of_blocks();

  void make_ready(Thread& thread);
  Thread* choose();
  void wait(const char* what, const Site& site);
  void go_on_in(Thread& next, Context& from);
  Fiber& free_fiber();

  Meeting& meeting_of(unsigned mask, Warp& warp);
  void finish_meeting(unsigned warp, Meeting& meeting);
  void finish_barrier();
  std::string nobody_can_go_on() const;
  void check_launch() const;

  const Launch* launch_ = nullptr;
  uint3 block_index_{};
  bool random_ = false;
  std::minstd_rand engine_;

  std::vector<Thread> threads_;
  std::vector<Warp> warps_;
  std::vector<unsigned> ready_;  // a queue (ready_from_ on), or with a seed a heap by priority
  std::size_t ready_from_ = 0;
  std::size_t live_ = 0;

  struct Barrier {
    std::size_t arrived = 0;
    const char* what = nullptr;
    Site site;
    // One for each of two barriers in a row: who leaves the first late has not seen what was done before the
    // second.
    char tokens[2] = {};
    unsigned generation = 0;
    int votes = 0;
    int result = 0;          // of the last one: its votes
    bool unanimous = false;  // and whether all voted yes
  } barrier_;

  std::vector<SharedArray> static_shared_;
  std::unique_ptr<SharedArray> dynamic_shared_;

  Context main_;
  std::vector<std::unique_ptr<Fiber>> fibers_;
  std::vector<Fiber*> parked_;  // ready to run a thread
  std::vector<Fiber*> spent_;   // have run a thread of this block, and are not to run another of it
  Fiber* running_fiber_ = nullptr;
  std::exception_ptr error_;
  char begin_ = 0, end_ = 0;  // of a block, as ThreadSanitizer knows them: their addresses
};

// The machine of this OS thread, made on its first launch, and the thread that runs on it.
Machine& machine();
extern constinit thread_local Machine* t_machine;
extern constinit thread_local Thread* t_thread;

}  // namespace gpt::cuda_on_cpu
