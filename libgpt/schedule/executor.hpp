#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "libgpt/comm/communicator.hpp"
#include "libgpt/schedule/action.hpp"
#include "libgpt/schedule/buffer_pool.hpp"
#include "libgpt/schedule/pipeline_shape.hpp"
#include "libgpt/schedule/stage_work.hpp"
#include "libgpt/schedule/timeline.hpp"

namespace gpt::schedule {

// Runs one stage's list of actions: gets what each needs from the stage before (forward) or after (backward),
// lets the work be done, and passes on what it made. Receives are posted ahead and sends do not block. Where
// there is one stage with one chunk, nothing is passed and no buffer is made.
template <class T>
class Executor {
 public:
  // pipeline: the stages, first to last (ParallelGroups::pipeline); used from run() only. chunks: of this
  // stage, the same on all.
  Executor(comm::Communicator& pipeline, std::int64_t chunks);

  // All stages run lists of the same step at the same time (training_actions or forward_only_actions).
  // work.stream_size() must be the same on all stages and constant during a run; from run to run it may
  // change. With a timeline, which all stages then have, the run ends on all of them at once. Throws what the
  // work throws, and comm::CommError: then the ranks must end, as their neighbours wait for messages that
  // never come.
  void run(std::span<const Action> actions, StageWork<T>& work, Timeline* timeline = nullptr);

  // Moves the messages under way on; the work calls it now and then where an action takes long.
  void progress();

  // Memory of the buffers that pass between stages.
  std::size_t buffer_bytes() const { return state_->pool.bytes(); }

 private:
  using Buffer = typename BufferPool<T>::Buffer;
  // A buffer and the message it belongs to, which must be complete before the buffer may go.
  struct Parcel {
    Buffer buffer;
    comm::Request request;
    bool there = false;  // posted, or handed over by this stage itself
  };
  struct State {
    BufferPool<T> pool;
    std::array<std::vector<Parcel>, 2> arrivals;  // by pass, then micro batch and chunk
    std::deque<Parcel> sends;
    std::vector<Parcel*> receives;  // posted and not known to be complete
  };

  std::optional<ChunkPlace> source(const Action& action) const;
  std::optional<ChunkPlace> destination(const Action& action) const;
  int tag(const Action& received) const;
  Parcel& arrival(const Action& action);
  std::span<T> view(Buffer buffer) const;
  void begin(std::span<const Action> actions, std::size_t stream_size);
  std::size_t posted_ahead();
  void post_receive(const Action& action);
  void make(const Action& action, StageWork<T>& work);
  void pass_on(const Action& action, Buffer made);
  void wait(comm::Request& request, const Action& action);
  void wait_for_sends(std::size_t left, const Action& action);
  void release(Parcel& parcel);
  void abandon();
  template <class Body>
  void timed(Activity activity, const Action& action, const Body& body);

  comm::Communicator& pipeline_;
  std::int64_t stages_, stage_, chunks_;
  std::unique_ptr<State> state_ = std::make_unique<State>();
  std::size_t stream_size_ = 0;
  bool trains_ = false;
  bool has_trained_ = false, has_evaluated_ = false;  // has run lists with backward passes, without them
  Timeline* timeline_ = nullptr;
};

}  // namespace gpt::schedule
