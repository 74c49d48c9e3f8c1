#include "libgpt/tensor/trace.hpp"

namespace gpt::tensor {
namespace {

TraceSink* the_sink = nullptr;

}  // namespace

void set_trace_sink(TraceSink* sink) { the_sink = sink; }
TraceSink* trace_sink() { return the_sink; }

}  // namespace gpt::tensor
