#include "libgpt/tensor/memory_account.hpp"

#include <doctest/doctest.h>

#include "libgpt/tensor/last_launch.hpp"
#include "libgpt/tensor/trace.hpp"

using namespace gpt::tensor;

TEST_CASE("memory is held for the purpose named innermost") {
  CHECK(std::string(HeldFor::current()) == "other");
  const HeldFor outer("weights");
  {
    const HeldFor inner("workspace");
    CHECK(std::string(HeldFor::current()) == "workspace");
  }
  CHECK(std::string(HeldFor::current()) == "weights");
}

TEST_CASE("an account knows who holds what now, and who did when most was held") {
  MemoryAccount account;
  account.take("weights", 100);
  account.take("activations", 300);
  CHECK(memory_text(account.at_peak()) == "activations 300 B, weights 100 B");
  account.give_back("activations", 300);
  account.take("workspace", 200);
  CHECK(account.held_bytes() == 300);
  CHECK(account.peak_bytes() == 400);
  CHECK(memory_text(account.held()) == "workspace 200 B, weights 100 B");
  CHECK(memory_text(account.at_peak()) == "activations 300 B, weights 100 B");
  account.take("activations", 200);
  CHECK(memory_text(account.at_peak()) == "activations 200 B, workspace 200 B, weights 100 B");
  CHECK(byte_text(std::size_t{3} << 29) == "1.5 GiB");
}

TEST_CASE("an error of the device names the launch before it and the step") {
  note_launch(std::source_location::current());
  note_step(12);
  const std::string text = last_launch_text();
  CHECK(text.find("memory_account_test.cpp:") != std::string::npos);
  CHECK(text.find("in step 12") != std::string::npos);
}

TEST_CASE("ranges reach the sink in pairs, and nothing without one") {
  struct Counting : TraceSink {
    void begin(const char*) override { deepest = ++depth > deepest ? depth : deepest; }
    void end() override { --depth; }
    void start_profiler() override {}
    void stop_profiler() override {}
    int depth = 0, deepest = 0;
  } sink;
  { const TraceRange unseen("before"); }
  set_trace_sink(&sink);
  {
    const TraceRange layer("layer");
    const TraceRange op("attention");
    set_trace_sink(nullptr);  // the range still ends where it began
  }
  CHECK(sink.deepest == 2);
  CHECK(sink.depth == 0);
}
