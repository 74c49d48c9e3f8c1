#pragma once

namespace gpt::tensor {

// Names stretches of a program for a profiler that watches from outside (Nsight Systems, by NVTX). Without
// one nothing happens, at the cost of a comparison.
class TraceSink {
 public:
  virtual ~TraceSink() = default;
  virtual void begin(const char* name) = 0;
  virtual void end() = 0;
  // Tells a profiler that was started with --capture-range=cudaProfilerApi to record from here, and to end.
  virtual void start_profiler() = 0;
  virtual void stop_profiler() = 0;
};

// The sink of this process, which must outlive its use; nullptr for none.
void set_trace_sink(TraceSink* sink);
TraceSink* trace_sink();

// TraceRange range("attention");
class TraceRange {
 public:
  explicit TraceRange(const char* name) : sink_(trace_sink()) {
    if (sink_ != nullptr) sink_->begin(name);
  }
  ~TraceRange() {
    if (sink_ != nullptr) sink_->end();
  }
  TraceRange(const TraceRange&) = delete;
  TraceRange& operator=(const TraceRange&) = delete;

 private:
  TraceSink* sink_;
};

}  // namespace gpt::tensor
