#include "libgpt/tensor/cuda/graph.hpp"

#include "libgpt/tensor/cuda/cuda_error.hpp"

namespace gpt::tensor {
namespace {

class Graph : public RecordedWork {
 public:
  Graph(cudaGraphExec_t ready, cudaStream_t stream) : ready_(ready), stream_(stream) {}
  ~Graph() override { (void)cudaGraphExecDestroy(ready_); }
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  void replay() override { check_cuda(cudaGraphLaunch(ready_, stream_), "launch recorded work"); }

 private:
  cudaGraphExec_t ready_;
  cudaStream_t stream_;
};

class EventMark : public DeviceMark {
 public:
  explicit EventMark(cudaStream_t stream) {
    check_cuda(cudaEventCreate(&event_), "make an event");
    check_cuda(cudaEventRecord(event_, stream), "note the time");
  }
  ~EventMark() override { (void)cudaEventDestroy(event_); }
  EventMark(const EventMark&) = delete;
  EventMark& operator=(const EventMark&) = delete;

  double seconds_since(const DeviceMark& earlier) const override {
    float milliseconds = 0;
    check_cuda(cudaEventSynchronize(event_), "reach a mark");
    check_cuda(cudaEventElapsedTime(&milliseconds, dynamic_cast<const EventMark&>(earlier).event_, event_),
               "read the time between marks");
    return static_cast<double>(milliseconds) / 1000;
  }

 private:
  cudaEvent_t event_ = nullptr;
};

struct GraphEnd {
  cudaGraph_t graph = nullptr;
  ~GraphEnd() {
    if (graph != nullptr) (void)cudaGraphDestroy(graph);
  }
};

}  // namespace

std::unique_ptr<RecordedWork> record_graph(cudaStream_t stream, const std::function<void()>& work) {
  check_cuda(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal), "begin to record work");
  GraphEnd recorded;
  try {
    work();
  } catch (...) {
    (void)cudaStreamEndCapture(stream, &recorded.graph);
    (void)cudaGetLastError();
    throw;
  }
  check_cuda(cudaStreamEndCapture(stream, &recorded.graph), "record work");
  cudaGraphExec_t ready = nullptr;
  check_cuda(cudaGraphInstantiate(&ready, recorded.graph, 0), "make recorded work ready");
  return std::make_unique<Graph>(ready, stream);
}

std::unique_ptr<DeviceMark> mark_time(cudaStream_t stream) { return std::make_unique<EventMark>(stream); }

}  // namespace gpt::tensor
