#include "libcommon/threads/ordered_pipeline.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>
#include <unistd.h>

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/file_descriptor.hpp"
#include "tests/support/child_process.hpp"

namespace {

using gpt::threads::run_ordered_pipeline;

// Yields or sleeps a little, differently for each number and run of the scheduler.
void dawdle(int number) {
  const unsigned mixed = static_cast<unsigned>(number) * 2654435761U >> 24U;
  if (mixed % 3 == 0) std::this_thread::yield();
  if (mixed % 7 == 0) std::this_thread::sleep_for(std::chrono::microseconds(mixed));
}

auto counting_reader(int count, int& next) {
  return [count, &next]() -> std::optional<int> {
    if (next == count) return std::nullopt;
    return next++;
  };
}

struct Outcome {
  std::vector<int> written;
  std::string error;
};

// Squares 0 … 99; the stage that is given fails at its number.
Outcome run(int workers, int fail_read, int fail_work, int fail_write) {
  Outcome outcome;
  int next = 0;
  const auto read = [&]() -> std::optional<int> {
    if (next == fail_read) throw std::runtime_error("read " + std::to_string(next));
    if (next == 100) return std::nullopt;
    return next++;
  };
  const auto make_work = [&] {
    return [&](int number) {
      dawdle(number);
      if (number == fail_work) throw std::runtime_error("work " + std::to_string(number));
      return number * number;
    };
  };
  const auto write = [&](int square) {
    if (static_cast<int>(outcome.written.size()) == fail_write) throw std::runtime_error("write");
    outcome.written.push_back(square);
  };
  try {
    run_ordered_pipeline(workers, read, make_work, write);
  } catch (const std::runtime_error& error) {
    outcome.error = error.what();
  }
  return outcome;
}

std::vector<int> squares(int count) {
  std::vector<int> numbers;
  for (int i = 0; i < count; ++i) numbers.push_back(i * i);
  return numbers;
}

}  // namespace

TEST_CASE("results are written in the order they were read, whatever the workers") {
  for (int workers = 0; workers <= 8; ++workers) {
    CAPTURE(workers);
    std::vector<int> written;
    int next = 0;
    run_ordered_pipeline(
        workers, counting_reader(500, next),
        [] {
          return [](int number) {
            dawdle(number);
            return number * 3;
          };
        },
        [&](int result) { written.push_back(result); });
    std::vector<int> wanted;
    for (int i = 0; i < 500; ++i) wanted.push_back(i * 3);
    CHECK(written == wanted);
  }
}

TEST_CASE("nothing to read: nothing written") {
  for (const int workers : {1, 2, 8}) {
    int next = 0;
    int written = 0;
    run_ordered_pipeline(
        workers, counting_reader(0, next), [] { return [](int number) { return number; }; },
        [&](int) { ++written; });
    CHECK(written == 0);
  }
}

TEST_CASE("items that only move, through every stage") {
  for (const int workers : {1, 3}) {
    int next = 0;
    int sum = 0;
    run_ordered_pipeline(
        workers,
        [&]() -> std::optional<std::unique_ptr<int>> {
          if (next == 20) return std::nullopt;
          return std::make_unique<int>(next++);
        },
        [] { return [](std::unique_ptr<int> item) { return item; }; },
        [&](std::unique_ptr<int> item) { sum += *item; });
    CHECK(sum == 190);
  }
}

TEST_CASE("an exception of a stage surfaces after all that came before it was written") {
  for (const int workers : {1, 2, 4, 8}) {
    for (const int at : {0, 1, 37, 99}) {
      CAPTURE(workers);
      CAPTURE(at);
      const auto work = run(workers, -1, at, -1);
      CHECK(work.error == "work " + std::to_string(at));
      CHECK(work.written == squares(at));
      const auto read = run(workers, at, -1, -1);
      CHECK(read.error == "read " + std::to_string(at));
      CHECK(read.written == squares(at));
      const auto write = run(workers, -1, -1, at);
      CHECK(write.error == "write");
      CHECK(write.written == squares(at));
    }
  }
}

TEST_CASE("of several failures the first in input order surfaces") {
  for (const int workers : {1, 2, 8}) {
    const auto outcome = run(workers, 60, 50, -1);
    CHECK(outcome.error == "work 50");
    CHECK(outcome.written == squares(50));
  }
}

TEST_CASE("a worker that cannot be set up is an exception like the others") {
  for (const int workers : {1, 4}) {
    int next = 0;
    const auto make_work = []() -> std::function<int(int)> { throw std::runtime_error("no vocabulary"); };
    CHECK_THROWS_WITH(run_ordered_pipeline(workers, counting_reader(10, next), make_work, [](int) {}),
                      "no vocabulary");
  }
}

TEST_CASE("at most 2 · workers + 2 items are in flight, however slow the writer") {
  for (const int workers : {1, 2, 5}) {
    std::atomic<int> in_flight{0};
    std::atomic<int> most{0};
    int next = 0;
    run_ordered_pipeline(
        workers,
        [&]() -> std::optional<int> {
          if (next == 200) return std::nullopt;
          const int now = ++in_flight;
          if (now > most) most = now;
          return next++;
        },
        [] { return [](int number) { return number; }; },
        [&](int number) {
          dawdle(number);
          --in_flight;
        });
    CHECK(most.load() <= 2 * workers + 2);
    CHECK(in_flight.load() == 0);
  }
}

TEST_CASE("each worker has a work of its own, made at most once") {
  std::atomic<int> made{0};
  int next = 0;
  int written = 0;
  run_ordered_pipeline(
      4, counting_reader(100, next),
      [&] {
        ++made;
        return [scratch = std::string()](int number) mutable {
          scratch += "x";  // a data race if two threads shared it
          return number;
        };
      },
      [&](int) { ++written; });
  CHECK(made.load() <= 4);
  CHECK(written == 100);
}

TEST_CASE("a requested stop surfaces, what came before it is written in order") {
  for (const int workers : {1, 4}) {
    gpt::cli::clear_stop_request();
    std::vector<int> written;
    int next = 0;
    const auto pipeline = [&] {
      run_ordered_pipeline(
          workers,
          [&]() -> std::optional<int> {
            if (next == 50) gpt::cli::request_stop();
            if (next == 100) return std::nullopt;
            return next++;
          },
          [] { return [](int number) { return number * number; }; },
          [&](int square) { written.push_back(square); });
    };
    CHECK_THROWS_AS(pipeline(), gpt::cli::StoppedOnRequest);
    gpt::cli::clear_stop_request();
    CHECK(written.size() >= 50);
    CHECK(written.size() <= 51);
    CHECK(written == squares(static_cast<int>(written.size())));
  }
}

TEST_CASE("a stop while the reader waits on a pipe ends the pipeline") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  for (const int workers : {1, 3}) {
    gpt::test::ChildProcess child([&] {
      gpt::cli::install_stop_signals();
      int written = 0;
      char block[16];
      const auto read = [&]() -> std::optional<int> {
        const auto count = gpt::io::read_some_or_throw(ends[0], block, "pipe", gpt::io::OnStop::give_up);
        return static_cast<int>(count);
      };
      try {
        run_ordered_pipeline(
            workers, read, [] { return [](int count) { return count; }; },
            [&](int) {
              ++written;
              raise(SIGTERM);  // the reader is about to wait, or waits already
            });
      } catch (const gpt::cli::StoppedOnRequest&) {
        return written == 1 ? 75 : 1;
      }
      return 2;
    });
    REQUIRE(write(ends[1], "x", 1) == 1);
    CHECK(child.wait() == 75);
  }
  close(ends[0]);
  close(ends[1]);
}
