#include "libgpt/comm/run_ranks.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <thread>

#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/run_main.hpp"
#include "libcommon/cli/stop_signals.hpp"
#include "libcommon/io/errors.hpp"
#include "libgpt/comm/joined_world.hpp"
#include "libgpt/comm/tcp/tcp_mesh.hpp"
#include "libgpt/comm/tcp/tcp_world.hpp"

namespace gpt::comm {
namespace {

// What goes wrong on all ranks is told by rank 0, which ends the others before it is their turn; what goes
// wrong on others only is told two seconds later, for on a busy machine ending them takes one. Launchers end
// a rank by SIGTERM first, which is caught, and kill it a few seconds later: who gets one while waiting is
// being ended, and says nothing unless that does not happen. A message that could not be passed is most often
// what the end of another rank looks like from here, so that is told last.
enum class Cause { own, message };
void let_others_speak_first(JoinedWorld& world, Cause cause) {
  using std::chrono::milliseconds;
  const int rank = world.rank();
  if (rank == 0 && cause == Cause::own) return;
  const bool was_to_stop = cli::stop_requested();
  auto left = milliseconds(std::min(2000 + 50 * rank, 4500) + (cause == Cause::message ? 5000 : 0));
  bool being_ended = false;
  for (; left.count() > 0; left -= milliseconds(10)) {
    std::this_thread::sleep_for(milliseconds(10));
    if (world.ended_by_another()) return;
    if (being_ended || was_to_stop || !cli::stop_requested()) continue;
    being_ended = true;
    left = milliseconds(10'000);
  }
}

// The exception being handled once more, its message naming the rank. Types that cli::run_main tells apart
// stay.
[[noreturn]] void rethrow_named(int rank) {
  const auto named = [&](const char* message) {
    const bool has_name = std::string_view(message).starts_with("rank ");  // that of another, by an agreement
    return has_name ? std::string(message) : "rank " + std::to_string(rank) + ": " + message;
  };
  try {
    throw;
  } catch (const cli::UsageError& error) {
    throw cli::UsageError(named(error.what()));
  } catch (const cli::StoppedOnRequest&) {
    throw;
  } catch (const io::BrokenPipe&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw std::runtime_error(named("out of memory"));
  } catch (const std::exception& error) {
    throw std::runtime_error(named(error.what()));
  }
}

// Where another rank has ended all, and told why; its exit code is this one's too.
std::optional<int> code_of_another() {
  try {
    throw;
  } catch (const EndedByAnotherRank& ended) {
    return ended.code();
  } catch (...) {
    return std::nullopt;
  }
}

Cause cause_of_failure() {
  try {
    throw;
  } catch (const CommError&) {
    return Cause::message;
  } catch (...) {
    return Cause::own;
  }
}

// Tells of the exception being handled; the exit code for it.
int tell_failure(const std::string& tool, JoinedWorld& world) {
  if (const auto code = code_of_another()) return *code;
  let_others_speak_first(world, cause_of_failure());
  if (const auto code = world.ended_by_another()) return *code;
  const auto code = cli::run_and_tell(tool, [&]() -> cli::ExitCode { rethrow_named(world.rank()); });
  std::fflush(nullptr);
  return static_cast<int>(code);
}

cli::ExitCode run_rank(JoinedWorld& world, const std::function<cli::ExitCode(World&)>& body) {
  cli::ExitCode code = cli::ExitCode::done;
  std::exception_ptr information;  // asked of all ranks
  world.end_all_on_failure([&] {
    try {
      code = body(world);
    } catch (const cli::InformationRequested&) {
      information = std::current_exception();
    }
  });
  if (information && world.rank() == 0) std::rethrow_exception(information);
  return code;
}

std::unique_ptr<JoinedWorld> join_or_throw(const Launch& launch) {
  if (launch.rendezvous == Launch::Rendezvous::tcp) return join_tcp_or_throw(*launch.meeting);
  return join_mpi_or_throw(launch);
}

}  // namespace

int run_ranks(const std::string& tool, const std::function<cli::ExitCode(World&)>& body) {
  std::unique_ptr<JoinedWorld> joined;
  const int code = cli::run_main(tool, [&] {
    cli::take_stop_signals_on_own_thread();
    const Launch launch =
        detect_launch_or_throw([](const char* name) -> const char* { return std::getenv(name); });
    if (launch.rendezvous == Launch::Rendezvous::alone) {
      SelfWorld world;
      return body(world);
    }
    joined = join_or_throw(launch);
    joined->set_time_limit(launch.time_limit);
    joined->tell_failures_by([&] { return tell_failure(tool, *joined); });
    return run_rank(*joined, body);
  });
  if (!joined) return code;
  std::fflush(nullptr);
  joined->finalise();
  return code;
}

}  // namespace gpt::comm
