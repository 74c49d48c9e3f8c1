#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace gpt::data {

// Reads one thing ahead, on a thread of its own, while its user computes. What comes is what read(key)
// returns, whether it was read ahead or not. start() and take() are called from one thread.
template <class Key, class Value>
class ReadAhead {
 public:
  // read must be safe to call on another thread than the user's, but is never called twice at once.
  explicit ReadAhead(std::function<Value(const Key&)> read)
      : read_(std::move(read)), thread_([this] { serve(); }) {}

  ~ReadAhead() {
    {
      const std::lock_guard lock(mutex_);
      state_ = State::ending;
    }
    changed_.notify_all();
    thread_.join();  // at the end of the reading under way
  }
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  // Begins to read what take(key) will ask for. What was read ahead before and not taken is dropped.
  void start(const Key& key) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return state_ != State::reading; });
    key_ = key;
    value_.reset();
    failure_ = nullptr;
    state_ = State::reading;
    changed_.notify_all();
  }

  // What was read ahead, if its key is this one; else it is read now. Throws what read() threw.
  Value take(const Key& key) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return state_ != State::reading; });
      if (state_ == State::read && key_ == key) {
        state_ = State::idle;
        if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
        Value value = std::move(*value_);
        value_.reset();
        return value;
      }
    }
    return read_(key);
  }

 private:
  enum class State { idle, reading, read, ending };

  void serve() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [&] { return state_ == State::reading || state_ == State::ending; });
      if (state_ == State::ending) return;
      const Key key = *key_;
      lock.unlock();
      std::optional<Value> value;
      std::exception_ptr failure;
      try {
        value.emplace(read_(key));
      } catch (...) {
        failure = std::current_exception();
      }
      lock.lock();
      value_ = std::move(value);
      failure_ = failure;
      if (state_ == State::reading) state_ = State::read;
      changed_.notify_all();
    }
  }

  std::function<Value(const Key&)> read_;
  std::mutex mutex_;
  std::condition_variable changed_;
  State state_ = State::idle;
  std::optional<Key> key_;
  std::optional<Value> value_;
  std::exception_ptr failure_;
  std::thread thread_;  // last: it uses the others
};

}  // namespace gpt::data
