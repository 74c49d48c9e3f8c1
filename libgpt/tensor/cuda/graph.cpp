#include "libgpt/tensor/cuda/graph.hpp"

#include "libgpt/tensor/cuda/cuda_error.hpp"
#include "libgpt/tensor/cuda/event.hpp"

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
  explicit EventMark(cudaStream_t stream) : event_(Event::Use::timing) { event_.record(stream); }

  double seconds_since(const DeviceMark& earlier) const override {
    return static_cast<double>(event_.milliseconds_since(dynamic_cast<const EventMark&>(earlier).event_)) /
           1000;
  }

 private:
  Event event_;
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
