#include "tests/support/cuda_on_cpu/machine.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <new>
#include <stdexcept>
#include <utility>

#include "tests/support/cuda_on_cpu/sanitizers.hpp"
#include "tests/support/cuda_on_cpu/schedule.hpp"

namespace gpt::cuda_on_cpu {

constinit thread_local Machine* t_machine = nullptr;
constinit thread_local Thread* t_thread = nullptr;

Machine& machine() {
  static thread_local Machine machine;
  t_machine = &machine;
  return machine;
}

namespace {

std::string text_of(const uint3& index) {
  return "(" + std::to_string(index.x) + ", " + std::to_string(index.y) + ", " + std::to_string(index.z) +
         ")";
}

std::string hexadecimal(unsigned mask) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "0x";
  for (int shift = 28; shift >= 0; shift -= 4) text += kDigits[mask >> shift & 0xFu];
  return text;
}

uint3 index_in(const dim3& extent, std::uint64_t number) {
  return {static_cast<unsigned>(number % extent.x), static_cast<unsigned>(number / extent.x % extent.y),
          static_cast<unsigned>(number / extent.x / extent.y)};
}

std::uint64_t count_of(const dim3& extent) { return std::uint64_t{extent.x} * extent.y * extent.z; }

}  // namespace

Machine::~Machine() { t_machine = nullptr; }

void Machine::fail(const std::string& message, const Site& site) const {
  std::string text = site.text() + ": " + message + " (block " + text_of(block_index_);
  if (t_thread != nullptr) text += ", thread " + text_of(t_thread->index);
  throw KernelError(text + " of the launch at " + launch_->where + ")");
}

void Machine::check_launch() const {
  const auto threads = count_of(launch_->block);
  const auto refuse = [&](const std::string& why) { throw KernelError(launch_->where + ": " + why); };
  if (threads == 0 || threads > kMaxBlockThreads || launch_->block.z > 64)
    refuse("a block of " + std::to_string(threads) + " threads; 1 to " + std::to_string(kMaxBlockThreads) +
           " can be launched");
  if (launch_->grid.y > 65535 || launch_->grid.z > 65535)
    refuse("a grid of " + std::to_string(launch_->grid.y) + " by " + std::to_string(launch_->grid.z) +
           " blocks in y and z; each can be 65535 at most");
  if (launch_->shared_bytes > kMaxShared)
    refuse(std::to_string(launch_->shared_bytes) + " bytes of shared memory a block; there are " +
           std::to_string(kMaxShared));
}

void Machine::run(const Launch& launch) {
  EmulatorAtWork emulator;
  if (launch_ != nullptr) throw std::logic_error(launch.where + ": a kernel launches a kernel");
  launch_ = &launch;
  t_thread = nullptr;
  std::exception_ptr error;
  try {
    check_launch();
    const auto schedule = current_schedule();
    random_ = schedule.seed.has_value();
    if (random_) engine_.seed(static_cast<std::minstd_rand::result_type>(next_launch_seed()));
    if (launch.shared_bytes > 0)
      dynamic_shared_ = std::make_unique<SharedArray>(nullptr, launch.shared_bytes);
    main_ = context_of_caller();
    for (const auto block : order_of_blocks()) {
      block_index_ = index_in(launch.grid, block);
      run_block();
    }
  } catch (...) {
    error = std::current_exception();
  }
  static_shared_.clear();
  dynamic_shared_.reset();
  launch_ = nullptr;
  t_thread = nullptr;
  if (error) std::rethrow_exception(error);
}

std::vector<std::uint64_t> Machine::order_of_blocks() {
  std::vector<std::uint64_t> order(count_of(launch_->grid));
  for (std::uint64_t block = 0; block < order.size(); ++block) order[block] = block;
  if (random_) std::shuffle(order.begin(), order.end(), engine_);
  return order;
}

void Machine::run_block() {
  prepare_threads();
  for (auto& array : static_shared_) array.poison();
  if (dynamic_shared_) dynamic_shared_->poison();
  happens_before(&begin_);
  go_on_in(*choose(), main_);
  happens_after(&end_);
  t_thread = nullptr;
  parked_.insert(parked_.end(), spent_.begin(), spent_.end());
  spent_.clear();
  if (error_) {
    abandon();
    std::rethrow_exception(std::exchange(error_, nullptr));
  }
  check_overruns();
}

void Machine::prepare_threads() {
  const auto count = count_of(launch_->block);
  threads_.resize(count);
  warps_.resize((count + kWarpSize - 1) / kWarpSize);
  for (auto& warp : warps_) {
    warp.live = 0;
    for (auto& meeting : warp.meetings) meeting->arrived = 0;
  }
  ready_.clear();
  ready_from_ = 0;
  live_ = count;
  barrier_ = {};
  uint3 index{0, 0, 0};
  for (unsigned number = 0; number < count; ++number) {
    Thread& thread = threads_[number];
    thread.index = index;
    if (++index.x == launch_->block.x) {
      index.x = 0;
      if (++index.y == launch_->block.y) {
        index.y = 0;
        ++index.z;
      }
    }
    thread.number = number;
    thread.lane = number % kWarpSize;
    thread.warp = number / kWarpSize;
    thread.state = Thread::State::fresh;
    thread.priority = random_ ? static_cast<std::uint32_t>(engine_()) : 0;
    thread.fiber = nullptr;
    thread.at_barrier = false;
    thread.async.clear();
    warps_[thread.warp].live |= 1u << thread.lane;
    make_ready(thread);
  }
}

void Machine::abandon() {
  for (auto& thread : threads_)
    if (thread.fiber != nullptr) {
      thread.fiber->restart();
      parked_.push_back(thread.fiber);
      thread.fiber = nullptr;
    }
}

void Machine::check_overruns() const {
  const auto check = [&](const SharedArray& array) {
    if (array.overrun())
      throw KernelError(launch_->where + ": block " + text_of(block_index_) +
                        " wrote outside a shared array of " + std::to_string(array.size()) +
                        " bytes; a build with AddressSanitizer names the line");
  };
  for (const auto& array : static_shared_) check(array);
  if (dynamic_shared_) check(*dynamic_shared_);
}

// ---- who runs

void Machine::make_ready(Thread& thread) {
  if (thread.state == Thread::State::waiting) thread.state = Thread::State::ready;
  ready_.push_back(thread.number);
  if (random_)
    std::push_heap(ready_.begin(), ready_.end(),
                   [&](unsigned a, unsigned b) { return threads_[a].priority < threads_[b].priority; });
}

Thread* Machine::choose() {
  if (random_) {
    if (ready_.empty()) return nullptr;
    std::pop_heap(ready_.begin(), ready_.end(),
                  [&](unsigned a, unsigned b) { return threads_[a].priority < threads_[b].priority; });
    Thread* chosen = &threads_[ready_.back()];
    ready_.pop_back();
    return chosen;
  }
  if (ready_from_ == ready_.size()) return nullptr;
  Thread* chosen = &threads_[ready_[ready_from_++]];
  if (ready_from_ == ready_.size()) {
    ready_.clear();
    ready_from_ = 0;
  }
  return chosen;
}

Fiber& Machine::free_fiber() {
  if (parked_.empty()) {
    fibers_.push_back(std::make_unique<Fiber>(fibers_.size(), &Machine::run_fiber, this));
    return *fibers_.back();
  }
  Fiber& fiber = *parked_.back();
  parked_.pop_back();
  return fiber;
}

void Machine::go_on_in(Thread& next, Context& from) {
  if (next.state == Thread::State::fresh) {
    next.fiber = &free_fiber();
    next.state = Thread::State::ready;
  }
  t_thread = &next;
  running_fiber_ = next.fiber;
  happens_before(&end_);  // an error elsewhere may end this thread here
  switch_context(from, next.fiber->context());
}

void Machine::wait(const char* what, const Site& site) {
  Thread& self = *t_thread;
  self.state = Thread::State::waiting;
  self.what = what;
  self.site = site;
  Thread* next = choose();
  if (next == nullptr) throw KernelError(nobody_can_go_on());
  go_on_in(*next, self.fiber->context());
}

bool Machine::coin() {
  EmulatorAtWork emulator;
  return random_ && (engine_() >> 8 & 1u) != 0;
}

void Machine::maybe_yield() {
  EmulatorAtWork emulator;
  if (!random_ || (engine_() >> 8 & 3u) != 0) return;
  Thread& self = *t_thread;
  self.priority = static_cast<std::uint32_t>(engine_());
  make_ready(self);
  Thread* next = choose();
  if (next != &self) go_on_in(*next, self.fiber->context());
}

void Machine::run_fiber(void* machine) { static_cast<Machine*>(machine)->run_threads_on_this_fiber(); }

void Machine::run_threads_on_this_fiber() {
  Fiber& fiber = *running_fiber_;
  for (;;) {
    happens_after(&begin_);
    try {
      launch_->call(launch_->closure);
      for (const auto& copy : t_thread->async.copies) std::memcpy(copy.to, copy.data, copy.bytes);
    } catch (...) {
      error_ = std::current_exception();
    }
    happens_before(&end_);
    end_thread(fiber);
  }
}

// Goes on with the next thread: on this fiber if it has not begun, else this fiber is put aside.
void Machine::end_thread(Fiber& fiber) {
  EmulatorAtWork emulator;
  if (error_) switch_context(fiber.context(), main_);  // for good: the fiber is started anew
  leave(*t_thread);
  Thread* next = choose();
  if (next != nullptr && next->state == Thread::State::fresh && !GPT_THREAD_SANITIZER) {
    next->fiber = &fiber;
    next->state = Thread::State::ready;
    t_thread = next;
    return;
  }
  // To ThreadSanitizer what one fiber does is ordered, and threads of a block are not.
  (GPT_THREAD_SANITIZER ? spent_ : parked_).push_back(&fiber);
  if (next != nullptr) return go_on_in(*next, fiber.context());
  if (live_ > 0) error_ = std::make_exception_ptr(KernelError(nobody_can_go_on()));
  switch_context(fiber.context(), main_);
}

void Machine::leave(Thread& thread) {
  thread.state = Thread::State::exited;
  thread.fiber = nullptr;
  --live_;
  Warp& warp = warps_[thread.warp];
  warp.live &= ~(1u << thread.lane);
  for (auto& meeting : warp.meetings)
    if (meeting->arrived != 0 && meeting->arrived == (meeting->mask & warp.live))
      finish_meeting(thread.warp, *meeting);
  if (barrier_.arrived > 0 && barrier_.arrived == live_) finish_barrier();
}

std::string Machine::nobody_can_go_on() const {
  struct Crowd {
    std::size_t threads = 0;
    uint3 first{};
  };
  std::map<std::string, Crowd> crowds;
  std::size_t exited = 0;
  for (const auto& thread : threads_) {
    if (thread.state == Thread::State::exited) ++exited;
    if (thread.state != Thread::State::waiting) continue;
    Crowd& crowd = crowds[std::string(thread.what) + " at " + thread.site.text()];
    if (crowd.threads++ == 0) crowd.first = thread.index;
  }
  std::string text = launch_->where + ": block " + text_of(block_index_) + " cannot go on:";
  for (const auto& [place, crowd] : crowds)
    text += " " + std::to_string(crowd.threads) + " threads wait in " + place + ", the first is " +
            text_of(crowd.first) + ";";
  return text + " " + std::to_string(exited) + " have exited";
}

// ---- where threads meet

int Machine::barrier(Vote vote, bool predicate, const char* what, const Site& site) {
  EmulatorAtWork emulator;
  if (barrier_.arrived > 0 && !(barrier_.site == site && same_text(barrier_.what, what)))
    fail(std::string(what) + " while " + std::to_string(barrier_.arrived) + " threads of the block wait in " +
             barrier_.what + " at " + barrier_.site.text(),
         site);
  barrier_.what = what;
  barrier_.site = site;
  barrier_.votes += predicate ? 1 : 0;
  ++barrier_.arrived;
  void* this_time = &barrier_.tokens[barrier_.generation & 1u];
  happens_before(this_time);
  if (barrier_.arrived == live_) {
    finish_barrier();
    maybe_yield();
  } else {
    t_thread->at_barrier = true;
    wait(what, site);
  }
  happens_after(this_time);
  switch (vote) {
    case Vote::count:
      return barrier_.result;
    case Vote::all:
      return barrier_.unanimous ? 1 : 0;
    case Vote::any:
      return barrier_.result > 0 ? 1 : 0;
  }
  return 0;
}

void Machine::finish_barrier() {
  barrier_.result = barrier_.votes;
  barrier_.unanimous = static_cast<std::size_t>(barrier_.votes) == barrier_.arrived;
  barrier_.arrived = 0;
  barrier_.votes = 0;
  ++barrier_.generation;
  for (auto& thread : threads_) {
    if (random_ && thread.state != Thread::State::exited)
      thread.priority = static_cast<std::uint32_t>(engine_());
    if (!thread.at_barrier) continue;
    thread.at_barrier = false;
    make_ready(thread);
  }
}

Meeting& Machine::meeting_of(unsigned mask, Warp& warp) {
  for (auto& meeting : warp.meetings)
    if (meeting->mask == mask) return *meeting;
  auto& meeting = warp.meetings.emplace_back(std::make_unique<Meeting>());
  meeting->mask = mask;
  return *meeting;
}

Posted& Machine::meet(unsigned mask, const char* what, const Site& site, const void* operand,
                      std::size_t bytes, void (*complete)(Posted&), Memory memory) {
  EmulatorAtWork emulator;
  Thread& self = *t_thread;
  const unsigned bit = 1u << self.lane;
  if ((mask & bit) == 0)
    fail(std::string(what) + " with mask " + hexadecimal(mask) + ", which leaves out lane " +
             std::to_string(self.lane) + " that calls it",
         site);
  Warp& warp = warps_[self.warp];
  Meeting& meeting = meeting_of(mask, warp);
  Posted& posted = meeting.posted[meeting.generation & 1u];
  if (meeting.arrived == 0) {
    meeting.what = what;
    meeting.site = site;
    meeting.complete = complete;
    posted.lanes = 0;
  } else if (!(meeting.site == site && same_text(meeting.what, what))) {
    fail(std::string(what) + " while lanes " + hexadecimal(meeting.arrived) + " of the warp wait in " +
             meeting.what + " at " + meeting.site.text() + " for the same mask " + hexadecimal(mask),
         site);
  }
  if (bytes > 0) std::memcpy(posted.slots[self.lane].bytes, operand, bytes);
  posted.lanes |= bit;
  meeting.arrived |= bit;
  if (memory == Memory::ordered) happens_before(&posted);
  if (meeting.arrived == (mask & warp.live)) {
    meeting.arrived &= ~bit;
    finish_meeting(self.warp, meeting);
    maybe_yield();
  } else {
    wait(what, site);
  }
  if (memory == Memory::ordered) happens_after(&posted);
  return posted;
}

// Wakes the lanes that arrived before.
void Machine::finish_meeting(unsigned warp, Meeting& meeting) {
  if (meeting.complete != nullptr) meeting.complete(meeting.posted[meeting.generation & 1u]);
  ++meeting.generation;
  for (unsigned lane = 0; lane < kWarpSize; ++lane)
    if ((meeting.arrived >> lane & 1u) != 0) make_ready(threads_[warp * kWarpSize + lane]);
  meeting.arrived = 0;
}

// ---- shared memory

namespace {
constexpr std::size_t kFence = GPT_ADDRESS_SANITIZER ? 0 : kSharedAlignment;  // before and behind an array
constexpr int kFenceByte = 0xA5;
}  // namespace

SharedArray::SharedArray(const void* key, std::size_t bytes)
    : key_(key),
      memory_(
          static_cast<std::byte*>(::operator new (bytes + 2 * kFence, std::align_val_t{kSharedAlignment}))),
      data_(memory_ + kFence),
      size_(bytes) {
  std::memset(memory_, kFenceByte, kFence);
  std::memset(data_ + size_, kFenceByte, kFence);
  poison();
}
SharedArray::SharedArray(SharedArray&& other) noexcept
    : key_(other.key_),
      memory_(std::exchange(other.memory_, nullptr)),
      data_(other.data_),
      size_(other.size_) {}
SharedArray::~SharedArray() { ::operator delete (memory_, std::align_val_t{kSharedAlignment}); }

void SharedArray::poison() { std::memset(data_, 0xFF, size_); }

bool SharedArray::overrun() const {
  for (std::size_t i = 0; i < kFence; ++i)
    if (memory_[i] != std::byte{kFenceByte} || data_[size_ + i] != std::byte{kFenceByte}) return true;
  return false;
}

std::byte* Machine::shared_array(const void* key, std::size_t bytes) {
  EmulatorAtWork emulator;
  for (const auto& array : static_shared_)
    if (array.key() == key) return array.data();
  std::size_t total = bytes;
  for (const auto& array : static_shared_) total += array.size();
  if (total > kMaxStaticShared)
    throw KernelError(launch_->where + ": the kernel has " + std::to_string(total) +
                      " bytes of static shared memory; there are " + std::to_string(kMaxStaticShared));
  if (total + launch_->shared_bytes > kMaxShared)
    throw KernelError(launch_->where + ": " + std::to_string(total) + " bytes of static and " +
                      std::to_string(launch_->shared_bytes) + " of dynamic shared memory; a block has " +
                      std::to_string(kMaxShared));
  return static_shared_.emplace_back(key, bytes).data();
}

void Machine::check_shared(const void* address, std::size_t bytes, const char* what, const Site& site) const {
  EmulatorAtWork emulator;
  const auto* begin = static_cast<const std::byte*>(address);
  if (reinterpret_cast<std::uintptr_t>(address) % bytes != 0)
    fail(std::string(what) + " of an address in shared memory that is not aligned to " +
             std::to_string(bytes) + " bytes",
         site);
  const auto holds = [&](const SharedArray& array) {
    return begin >= array.data() && begin + bytes <= array.data() + array.size();
  };
  if ((dynamic_shared_ && holds(*dynamic_shared_)) ||
      std::any_of(static_shared_.begin(), static_shared_.end(), holds))
    return;
  fail(std::string(what) + " of an address outside the block's shared memory", site);
}

}  // namespace gpt::cuda_on_cpu
