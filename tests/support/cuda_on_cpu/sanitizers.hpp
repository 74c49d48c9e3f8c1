#pragma once

// Which sanitizer watches this build, and what the emulator tells it.

#if defined(__SANITIZE_ADDRESS__)
#define GPT_ADDRESS_SANITIZER 1
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#else
#define GPT_ADDRESS_SANITIZER 0
#endif

#if defined(__SANITIZE_THREAD__)
#define GPT_THREAD_SANITIZER 1
#include <sanitizer/tsan_interface.h>
extern "C" {
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
void AnnotateIgnoreWritesBegin(const char* file, int line);
void AnnotateIgnoreWritesEnd(const char* file, int line);
}
#else
#define GPT_THREAD_SANITIZER 0
#endif

namespace gpt::cuda_on_cpu {

// What was done before release(about) has happened for whoever calls acquire(about) later.
inline void happens_before(void* about) {
#if GPT_THREAD_SANITIZER
  __tsan_release(about);
#else
  static_cast<void>(about);
#endif
}
inline void happens_after(void* about) {
#if GPT_THREAD_SANITIZER
  __tsan_acquire(about);
#else
  static_cast<void>(about);
#endif
}

// In its scope the emulator works for all threads of a block at once: ThreadSanitizer, to which they are
// threads indeed, looks away.
class EmulatorAtWork {
 public:
  EmulatorAtWork() { begin(); }
  ~EmulatorAtWork() { end(); }
  EmulatorAtWork(const EmulatorAtWork&) = delete;
  EmulatorAtWork& operator=(const EmulatorAtWork&) = delete;

  // A fiber may be ended only while ThreadSanitizer looks: leaves all scopes of the fiber that is left, and
  // enters as many again when it goes on.
  static int leave_all() {
    const int scopes = scopes_;
    while (scopes_ > 0) end();
    return scopes;
  }
  static void enter_again(int scopes) {
    while (scopes_ < scopes) begin();
  }

 private:
  static void begin() {
#if GPT_THREAD_SANITIZER
    AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
    AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
    ++scopes_;
#endif
  }
  static void end() {
#if GPT_THREAD_SANITIZER
    --scopes_;
    AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
    AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
#endif
  }

  static inline constinit thread_local int scopes_ = 0;  // of the fiber that runs
};

}  // namespace gpt::cuda_on_cpu
