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
#if GPT_THREAD_SANITIZER
  EmulatorAtWork() {
    AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
    AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
  }
  ~EmulatorAtWork() {
    AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
    AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
  }
#else
  EmulatorAtWork() {}
  ~EmulatorAtWork() {}
#endif
  EmulatorAtWork(const EmulatorAtWork&) = delete;
  EmulatorAtWork& operator=(const EmulatorAtWork&) = delete;
};

}  // namespace gpt::cuda_on_cpu
