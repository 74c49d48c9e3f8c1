#pragma once

#include <cstddef>

#if !defined(__x86_64__)
#include <ucontext.h>
#endif

namespace gpt::cuda_on_cpu {

// A place to go on from: a stack and where on it. Switching between contexts tells AddressSanitizer and
// ThreadSanitizer, where the build has them. A context stays on the OS thread that it was made on.
struct Context {
#if defined(__x86_64__)
  void* stack_pointer = nullptr;
#else
  ucontext_t machine{};
#endif
  const void* stack_bottom = nullptr;  // lowest address; null for the OS thread's own stack
  std::size_t stack_size = 0;
  void* fake_stack = nullptr;       // AddressSanitizer's
  void* sanitizer_fiber = nullptr;  // ThreadSanitizer's
};

// The context of the code that calls: filled in when it first switches away.
Context context_of_caller();

// Goes on in `to`; returns when somebody switches back to `from`.
void switch_context(Context& from, Context& to);

// A stack with a guard page below it, on which entry(argument) runs once switched to. entry never returns.
class Fiber {
 public:
  using Entry = void (*)(void*);

  // number staggers the tops of the stacks, so that the same variable of many fibers does not fall into one
  // set of the cache.
  Fiber(std::size_t number, Entry entry, void* argument);
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  Context& context() { return context_; }
  // Forgets what was on the stack and starts at entry again. Nothing is unwound.
  void restart();

 private:
  [[noreturn]] static void start(Fiber* fiber);
  friend void start_fiber(void* fiber);

  std::byte* mapping_ = nullptr;
  std::size_t mapped_ = 0;
  std::size_t stagger_;
  Entry entry_;
  void* argument_;
  Context context_;
};

}  // namespace gpt::cuda_on_cpu
