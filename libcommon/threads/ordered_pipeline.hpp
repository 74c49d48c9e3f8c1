#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "libcommon/cli/stop_signals.hpp"
#include "libcommon/threads/bounded_queue.hpp"

namespace gpt::threads {

// reader → workers → writer, results written in the order they were read.
//   read()       -> std::optional<In>   called from one thread at a time; empty at the end
//   make_work()  -> callable Out(In&&)  called once a worker, which keeps its own parsers and buffers
//   write(Out&&)                        called on the calling thread, in input order
// At most 2 · workers + 2 items are in flight. An exception of any stage surfaces here, after everything read
// before it has been written, so that what happened does not depend on the number of workers. A requested
// stop surfaces as cli::StoppedOnRequest.
template <class Read, class MakeWork, class Write>
void run_ordered_pipeline(int workers, Read read, MakeWork make_work, Write write) {
  using In = typename decltype(read())::value_type;
  using Work = decltype(make_work());
  using Out = decltype(std::declval<Work&>()(std::declval<In&&>()));
  using Result = std::variant<Out, std::exception_ptr>;

  if (workers <= 1) {
    auto work = make_work();
    while (auto item = read()) {
      cli::throw_if_stop_requested();
      write(work(std::move(*item)));
    }
    return;
  }

  const std::uint64_t window = 2 * static_cast<std::uint64_t>(workers) + 2;
  BoundedQueue<std::pair<std::uint64_t, In>> queue(window);
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::uint64_t, Result> results;    // finished, not yet written
  std::uint64_t next_written = 0;             // guarded by mutex, as all below
  std::optional<std::uint64_t> end_of_input;  // sequence number after the last item
  bool abandoned = false;

  const auto deliver = [&](std::uint64_t sequence, Result result) {
    const std::lock_guard lock(mutex);
    results.emplace(sequence, std::move(result));
    changed.notify_all();
  };

  std::thread reader([&] {
    std::uint64_t sequence = 0;
    try {
      while (true) {
        {
          std::unique_lock lock(mutex);
          changed.wait(lock, [&] { return abandoned || sequence < next_written + window; });
          if (abandoned) break;
        }
        cli::throw_if_stop_requested();
        auto item = read();
        if (!item) break;
        if (!queue.push({sequence, std::move(*item)})) break;
        ++sequence;
      }
    } catch (...) {
      deliver(sequence++, std::current_exception());
    }
    queue.close();
    const std::lock_guard lock(mutex);
    end_of_input = sequence;
    changed.notify_all();
  });

  const auto work_off_queue = [&] {
    std::optional<Work> work;
    while (auto item = queue.pop()) {
      try {
        if (!work) work.emplace(make_work());
        deliver(item->first, (*work)(std::move(item->second)));
      } catch (...) {
        deliver(item->first, std::current_exception());
      }
    }
  };

  std::vector<std::thread> pool;
  const auto join_all = [&] {
    {
      const std::lock_guard lock(mutex);
      abandoned = true;
      changed.notify_all();
    }
    queue.close();
    reader.join();
    for (auto& thread : pool) thread.join();
  };

  try {
    for (int i = 0; i < workers; ++i) pool.emplace_back(work_off_queue);
    while (true) {
      std::optional<Result> result;
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] {
          return (!results.empty() && results.begin()->first == next_written) ||
                 (end_of_input && next_written == *end_of_input);
        });
        if (results.empty() || results.begin()->first != next_written) break;
        result.emplace(std::move(results.begin()->second));
        results.erase(results.begin());
      }
      if (auto* error = std::get_if<std::exception_ptr>(&*result)) std::rethrow_exception(*error);
      write(std::move(std::get<Out>(*result)));
      const std::lock_guard lock(mutex);
      ++next_written;
      changed.notify_all();
    }
  } catch (...) {
    join_all();
    throw;
  }
  join_all();
}

}  // namespace gpt::threads
