#include <cstdlib>
#include <thread>

#include <mpi.h>

#include "libgpt/comm/joined_world.hpp"
#include "libgpt/comm/mpi/mpi_communicator.hpp"
#include "libgpt/comm/tcp/tcp_world.hpp"

namespace gpt::comm {
namespace {

// Threads that read ahead, wait for signals or compute make no calls of MPI. With a GPU one does: the
// watchdog of messages on the device ends all ranks while the thread that computes may wait for ever.
#ifdef GPT_HAVE_CUDA
constexpr int kWantedThreads = MPI_THREAD_MULTIPLE;
#else
constexpr int kWantedThreads = MPI_THREAD_FUNNELED;
#endif

class MpiWorld : public JoinedWorld {
 public:
  explicit MpiWorld(int threads) : threads_(threads) {}

  Communicator& communicator() override { return *world_; }

  std::unique_ptr<Communicator> split_or_throw(const std::string& name, std::optional<int> colour,
                                               int key) override {
    MPI_Comm part = MPI_COMM_NULL;
    const MessageLabel label{
        "forming of the groups", -1, 0, tensor::DType::u8, &name, rank(), size(), rank()};
    check_mpi_or_throw(MPI_Comm_split(MPI_COMM_WORLD, colour.value_or(MPI_UNDEFINED), key, &part), label);
    if (part == MPI_COMM_NULL) return std::make_unique<SelfCommunicator>(name);
    auto group = std::make_unique<MpiCommunicator>(part, MpiCommunicator::Handle::owned, name);
    if (group->size() == 1) return std::make_unique<SelfCommunicator>(name);
    return group;
  }

  void finalise() override {
    world_.reset();
    MPI_Finalize();
  }

  // Where MPI may not be called from this thread, the launcher sees a rank fail and ends the others.
  [[noreturn]] void abort(int code) override {
    if (threads_ == MPI_THREAD_MULTIPLE || std::this_thread::get_id() == joined_by_)
      MPI_Abort(MPI_COMM_WORLD, code);
    std::_Exit(code);
  }

 private:
  int threads_;  // what MPI provides
  std::thread::id joined_by_ = std::this_thread::get_id();
  std::unique_ptr<MpiCommunicator> world_ =
      std::make_unique<MpiCommunicator>(MPI_COMM_WORLD, MpiCommunicator::Handle::borrowed, "world");
};

}  // namespace

std::unique_ptr<JoinedWorld> join_mpi_or_throw(const Launch& launch) {
  int provided = MPI_THREAD_SINGLE;
  MPI_Init_thread(nullptr, nullptr, kWantedThreads, &provided);
  auto world = std::make_unique<MpiWorld>(provided);
  if (provided < MPI_THREAD_FUNNELED) {
    throw LaunchError(
        "this MPI does not allow for threads beside the one that calls it (MPI_THREAD_FUNNELED)");
  }
  if (launch.tasks && *launch.tasks > 1 && world->size() == 1) {
    // srun offers a PMI that this MPI does not know.
    if (launch.meeting) {
      world->finalise();
      return join_tcp_or_throw(*launch.meeting);
    }
    throw LaunchError("this is one of " + std::to_string(*launch.tasks) + " tasks that " + launch.launcher +
                      " started, but MPI finds only this one: " + advice_on_lonely_tasks(launch));
  }
  return world;
}

}  // namespace gpt::comm
