#include "libgpt/schedule/executor.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "libgpt/tensor/instantiate.hpp"

namespace gpt::schedule {
namespace {

// How many actions ahead of the running one receives are posted: of a forward and a backward pass by turns,
// the next of each.
constexpr std::size_t kPostedAhead = 2;

// Micro batches whose messages have tags of their own. Messages of one chunk and direction keep their order
// anyway, and libraries promise tags up to 32767 only.
constexpr std::int64_t kTagPeriod = 256;

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

}  // namespace

template <class T>
Executor<T>::Executor(comm::Communicator& pipeline, std::int64_t chunks)
    : pipeline_(pipeline), stages_(pipeline.size()), stage_(pipeline.rank()), chunks_(chunks) {}

template <class T>
std::optional<ChunkPlace> Executor<T>::source(const Action& action) const {
  const ChunkPlace here{stage_, action.chunk};
  return action.pass == Pass::forward ? chunk_before(stages_, here) : chunk_after(stages_, chunks_, here);
}

template <class T>
std::optional<ChunkPlace> Executor<T>::destination(const Action& action) const {
  const ChunkPlace here{stage_, action.chunk};
  return action.pass == Pass::forward ? chunk_after(stages_, chunks_, here) : chunk_before(stages_, here);
}

// Even for forward passes, odd for backward ones: World::split_for_messages_or_throw makes lanes of that.
template <class T>
int Executor<T>::tag(const Action& received) const {
  const std::int64_t pass = received.pass == Pass::forward ? 0 : 1;
  return static_cast<int>((received.micro_batch % kTagPeriod * chunks_ + received.chunk) * 2 + pass);
}

template <class T>
typename Executor<T>::Parcel& Executor<T>::arrival(const Action& action) {
  return state_
      ->arrivals[action.pass == Pass::forward ? 0 : 1][at(action.micro_batch * chunks_ + action.chunk)];
}

template <class T>
std::span<T> Executor<T>::view(Buffer buffer) const {
  return buffer.empty() ? buffer : buffer.first(stream_size_);
}

template <class T>
template <class Body>
void Executor<T>::timed(Activity activity, const Action& action, const Body& body) {
  if (timeline_ == nullptr) return body();
  TimelineEvent event{activity, action, TimelineEvent::Clock::now(), {}};
  if constexpr (tensor::kPlaceOf<T> == tensor::Place::device) event.device_start = tensor::device().mark();
  body();
  if constexpr (tensor::kPlaceOf<T> == tensor::Place::device) event.device_end = tensor::device().mark();
  event.end = TimelineEvent::Clock::now();
  timeline_->on_event(event);
}

template <class T>
void Executor<T>::begin(std::span<const Action> actions, std::size_t stream_size) {
  stream_size_ = stream_size;
  trains_ = false;
  std::int64_t micro_batches = 0;
  for (const Action& action : actions) {
    trains_ |= action.pass == Pass::backward;
    micro_batches = std::max(micro_batches, action.micro_batch + 1);
  }
  for (auto& arrivals : state_->arrivals) arrivals.resize(at(micro_batches * chunks_));
}

template <class T>
void Executor<T>::post_receive(const Action& action) {
  const auto from = source(action);
  if (!from || from->stage == stage_) return;  // nothing to get, or handed over
  Parcel& parcel = arrival(action);
  parcel.buffer = state_->pool.take(stream_size_);
  parcel.request = pipeline_.start_receive(view(parcel.buffer), static_cast<int>(from->stage), tag(action));
  parcel.there = true;
  state_->receives.push_back(&parcel);
}

template <class T>
void Executor<T>::wait(comm::Request& request, const Action& action) {
  if (request.test()) return;
  timed(Activity::wait, action, [&] { request.wait(); });
}

template <class T>
void Executor<T>::release(Parcel& parcel) {
  if (!parcel.there) return;
  parcel.there = false;
  state_->pool.give_back(parcel.buffer);
  parcel.buffer = Buffer();
}

template <class T>
void Executor<T>::pass_on(const Action& action, Buffer made) {
  const auto to = destination(action);
  if (!to) return;
  const Action next{action.pass, action.micro_batch, to->chunk};
  if (to->stage == stage_) {
    arrival(next) = Parcel{made, {}, true};
    return;
  }
  Parcel parcel{made, {}, true};
  parcel.request = pipeline_.start_send(view(parcel.buffer), static_cast<int>(to->stage), tag(next));
  state_->sends.push_back(std::move(parcel));
}

template <class T>
void Executor<T>::make(const Action& action, StageWork<T>& work) {
  Parcel& needed = arrival(action);
  wait(needed.request, action);
  const Buffer made = destination(action) ? state_->pool.take(stream_size_) : Buffer();
  if (action.pass == Pass::forward) {
    timed(Activity::forward, action, [&] { work.forward(action, view(needed.buffer), view(made)); });
    if (!trains_) release(needed);
  } else {
    timed(Activity::backward, action, [&] { work.backward(action, view(needed.buffer), view(made)); });
    release(needed);
    release(arrival({Pass::forward, action.micro_batch, action.chunk}));
  }
  pass_on(action, made);
}

template <class T>
void Executor<T>::progress() {
  auto& receives = state_->receives;
  std::erase_if(receives, [](Parcel* parcel) { return parcel->request.test(); });
  std::erase_if(state_->sends, [&](Parcel& parcel) {
    if (!parcel.request.test()) return false;
    release(parcel);
    return true;
  });
}

template <class T>
void Executor<T>::wait_for_sends(std::size_t left, const Action& action) {
  while (state_->sends.size() > left) {
    wait(state_->sends.front().request, action);
    release(state_->sends.front());
    state_->sends.pop_front();
  }
}

// Messages that no one will answer any more would be waited for by their requests, and the failure would
// never be told. They and their buffers, into which the library may still write, stay until the process ends.
template <class T>
void Executor<T>::abandon() {
  static std::mutex mutex;
  static auto& abandoned = *new std::vector<std::unique_ptr<State>>();
  const std::lock_guard lock(mutex);
  abandoned.push_back(std::move(state_));
  state_ = std::make_unique<State>();
}

// On a device the first run loads kernels, times products and takes memory, any of which may wait for all
// that the device does: nothing is to be under way then that others send only when this stage has gone on.
template <class T>
std::size_t Executor<T>::posted_ahead() {
  bool& has_run = trains_ ? has_trained_ : has_evaluated_;
  const bool first = !std::exchange(has_run, true);
  return first && tensor::kPlaceOf<T> == tensor::Place::device ? 0 : kPostedAhead;
}

template <class T>
void Executor<T>::run(std::span<const Action> actions, StageWork<T>& work, Timeline* timeline) {
  timeline_ = timeline;
  begin(actions, work.stream_size());
  // In training the turns of forward and backward passes hold a stage back. Without them it would fill memory
  // with what a slower neighbour has not taken yet. What a stage waits to receive is made at most p passes
  // before the one it stands at, so one held back by 2 p sends is never what its neighbour waits for.
  const std::size_t sends_ahead = trains_ ? actions.size() : at(2 * stages_);
  const std::size_t ahead = posted_ahead();
  std::size_t posted = 0;
  try {
    for (std::size_t i = 0; i < actions.size(); ++i) {
      while (posted < std::min(actions.size(), i + 1 + ahead)) post_receive(actions[posted++]);
      make(actions[i], work);
      progress();
      wait_for_sends(sends_ahead, actions[i]);
    }
    if (!actions.empty()) {
      wait_for_sends(0, actions.back());
      // So that a stage's last wait, for those that end later, is seen here and not in whatever follows.
      if (timeline_ != nullptr && stages_ > 1)
        timed(Activity::wait, actions.back(), [&] { pipeline_.barrier(); });
    }
  } catch (...) {
    abandon();
    throw;
  }
}

#define GPT_INSTANTIATE(T) template class Executor<T>;
GPT_FOR_EACH_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::schedule
