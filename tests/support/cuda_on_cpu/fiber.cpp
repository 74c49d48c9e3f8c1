#include "tests/support/cuda_on_cpu/fiber.hpp"

#include <cstdint>
#include <cstdlib>
#include <new>

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/support/cuda_on_cpu/sanitizers.hpp"

#if defined(__x86_64__)
// Saves what a function must preserve on the stack it leaves, and takes it from the stack it goes to.
asm(R"(
.text
.type gpt_switch_stack, @function
gpt_switch_stack:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size gpt_switch_stack, .-gpt_switch_stack
.type gpt_enter_fiber, @function
gpt_enter_fiber:
  movq %rbx, %rdi
  call *%r12
  ud2
.size gpt_enter_fiber, .-gpt_enter_fiber
)");
extern "C" void gpt_switch_stack(void** leave, void* enter);
extern "C" void gpt_enter_fiber();
#endif

namespace gpt::cuda_on_cpu {
namespace {

// Sanitizers put red zones between the variables of a stack.
constexpr std::size_t kStackBytes =
    GPT_ADDRESS_SANITIZER || GPT_THREAD_SANITIZER ? std::size_t{512} * 1024 : std::size_t{128} * 1024;
constexpr std::size_t kStagger = 832;
constexpr std::size_t kStaggers = 16;

// What runs first in a context that was switched to.
void arrive([[maybe_unused]] Context& here) {
#if GPT_ADDRESS_SANITIZER
  __sanitizer_finish_switch_fiber(here.fake_stack, nullptr, nullptr);
#endif
}

}  // namespace

Context context_of_caller() {
  Context context;
#if GPT_ADDRESS_SANITIZER
  pthread_attr_t attributes;
  void* bottom = nullptr;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0 ||
      pthread_attr_getstack(&attributes, &bottom, &context.stack_size) != 0)
    std::abort();
  context.stack_bottom = bottom;
  pthread_attr_destroy(&attributes);
#endif
#if GPT_THREAD_SANITIZER
  context.sanitizer_fiber = __tsan_get_current_fiber();
#endif
  return context;
}

#if GPT_THREAD_SANITIZER
__attribute__((no_sanitize("thread")))
#endif
void switch_context(Context& from, Context& to) {
#if GPT_ADDRESS_SANITIZER
  __sanitizer_start_switch_fiber(&from.fake_stack, to.stack_bottom, to.stack_size);
#endif
#if GPT_THREAD_SANITIZER
  const int scopes = EmulatorAtWork::leave_all();
  __tsan_switch_to_fiber(to.sanitizer_fiber, __tsan_switch_to_fiber_no_sync);
#endif
#if defined(__x86_64__)
  gpt_switch_stack(&from.stack_pointer, to.stack_pointer);
#else
  swapcontext(&from.machine, &to.machine);
#endif
#if GPT_THREAD_SANITIZER
  EmulatorAtWork::enter_again(scopes);
#endif
  arrive(from);
}

void start_fiber(void* fiber) { Fiber::start(static_cast<Fiber*>(fiber)); }

void Fiber::start(Fiber* fiber) {
  arrive(fiber->context_);
  fiber->entry_(fiber->argument_);
  std::abort();  // entry never returns
}

Fiber::Fiber(std::size_t number, Entry entry, void* argument)
    : stagger_(number % kStaggers * kStagger), entry_(entry), argument_(argument) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  mapped_ = page + kStackBytes;
  void* mapping = mmap(nullptr, mapped_, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) throw std::bad_alloc();
  mapping_ = static_cast<std::byte*>(mapping);
  mprotect(mapping_, page, PROT_NONE);
  context_.stack_bottom = mapping_ + page;
  context_.stack_size = kStackBytes;
  restart();
}

Fiber::~Fiber() {
#if GPT_THREAD_SANITIZER
  __tsan_destroy_fiber(context_.sanitizer_fiber);
#endif
#if GPT_ADDRESS_SANITIZER
  ASAN_UNPOISON_MEMORY_REGION(context_.stack_bottom, context_.stack_size);
#endif
  munmap(mapping_, mapped_);
}

void Fiber::restart() {
#if GPT_ADDRESS_SANITIZER
  ASAN_UNPOISON_MEMORY_REGION(context_.stack_bottom, context_.stack_size);
  context_.fake_stack = nullptr;
#endif
#if GPT_THREAD_SANITIZER
  if (context_.sanitizer_fiber != nullptr) __tsan_destroy_fiber(context_.sanitizer_fiber);
  context_.sanitizer_fiber = __tsan_create_fiber(0);
#endif
#if defined(__x86_64__)
  // As gpt_switch_stack leaves a stack: r15, r14, r13, r12, rbx, rbp, then where to return to.
  auto* top = reinterpret_cast<std::uint64_t*>(mapping_ + mapped_ - stagger_ - kStagger);
  *--top = 0;  // a return address for gpt_enter_fiber, which keeps the stack aligned
  *--top = 0;
  *--top = reinterpret_cast<std::uint64_t>(&gpt_enter_fiber);
  *--top = 0;                                              // rbp
  *--top = reinterpret_cast<std::uint64_t>(this);          // rbx
  *--top = reinterpret_cast<std::uint64_t>(&start_fiber);  // r12
  for (int saved = 0; saved < 3; ++saved) *--top = 0;      // r13, r14, r15
  context_.stack_pointer = top;
#else
  getcontext(&context_.machine);
  context_.machine.uc_stack.ss_sp = const_cast<void*>(context_.stack_bottom);
  context_.machine.uc_stack.ss_size = context_.stack_size - stagger_;
  context_.machine.uc_link = nullptr;
  // makecontext passes ints: the pointer in two halves
  const auto address = reinterpret_cast<std::uint64_t>(this);
  makecontext(&context_.machine, reinterpret_cast<void (*)()>(+[](unsigned high, unsigned low) {
    start_fiber(reinterpret_cast<void*>((std::uint64_t{high} << 32) | low));
  }),
              2, static_cast<unsigned>(address >> 32), static_cast<unsigned>(address));
#endif
}

}  // namespace gpt::cuda_on_cpu
