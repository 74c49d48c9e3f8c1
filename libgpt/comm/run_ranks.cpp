#include "libgpt/comm/run_ranks.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <stdexcept>
#include <string_view>
#include <thread>

#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/run_main.hpp"
#include "libcommon/cli/stop_signals.hpp"
#include "libcommon/io/errors.hpp"
#include "libgpt/comm/joined_world.hpp"

namespace gpt::comm {
namespace {

enum class Ending { together, alone };

// What goes wrong on all ranks is told by rank 0, which ends the others before it is their turn; what goes
// wrong on others only is told a little later. Launchers end a rank by SIGTERM first, which is caught, and
// kill it a few seconds later: who gets one while waiting is being ended, and says nothing unless that does
// not happen.
void let_lower_ranks_speak_first(int rank) {
  using std::chrono::milliseconds;
  if (rank == 0) return;
  const bool was_to_stop = cli::stop_requested();
  auto left = milliseconds(std::min(500 + 50 * rank, 3000));
  bool being_ended = false;
  for (; left.count() > 0; left -= milliseconds(10)) {
    std::this_thread::sleep_for(milliseconds(10));
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

cli::ExitCode run_rank(JoinedWorld& world, const std::function<cli::ExitCode(World&)>& body, Ending& ending) {
  const int rank = world.rank();
  try {
    return body(world);
  } catch (const cli::InformationRequested&) {  // asked of all ranks
    if (rank == 0) throw;
    return cli::ExitCode::done;
  } catch (...) {
    ending = Ending::alone;
    let_lower_ranks_speak_first(rank);
    rethrow_named(rank);
  }
}

std::unique_ptr<JoinedWorld> join_or_throw(const Launch& launch) {
  if (launch.rendezvous == Launch::Rendezvous::missing) {
    throw LaunchError("this is one of " + std::to_string(*launch.tasks) +
                      " tasks of a Slurm step without PMIx, so the tasks cannot find each other: " +
                      advice_on_lonely_tasks(launch));
  }
  return join_mpi_or_throw(launch);
}

}  // namespace

int run_ranks(const std::string& tool, const std::function<cli::ExitCode(World&)>& body) {
  std::unique_ptr<JoinedWorld> joined;
  Ending ending = Ending::together;
  const int code = cli::run_main(tool, [&] {
    cli::take_stop_signals_on_own_thread();
    const Launch launch = detect_launch([](const char* name) -> const char* { return std::getenv(name); });
    if (launch.rendezvous == Launch::Rendezvous::alone) {
      SelfWorld world;
      return body(world);
    }
    joined = join_or_throw(launch);
    if (joined->size() == 1) return body(*joined);
    return run_rank(*joined, body, ending);
  });
  if (!joined) return code;
  std::fflush(nullptr);
  if (joined->size() > 1 && ending == Ending::alone) joined->abort(code);
  joined->finalise();
  return code;
}

}  // namespace gpt::comm
