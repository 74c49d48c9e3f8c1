#include <cstdlib>

#include "libgpt/comm/joined_world.hpp"
#include "libgpt/comm/tcp/tcp_world.hpp"

namespace gpt::comm {
namespace {

// The only rank that a launcher started.
class OneRankWorld : public JoinedWorld {
 public:
  Communicator& communicator() override { return self_.communicator(); }
  std::unique_ptr<Communicator> split_or_throw(const std::string& name, std::optional<int> colour,
                                               int key) override {
    return self_.split_or_throw(name, colour, key);
  }
  void finalise() override {}
  [[noreturn]] void abort(int code) override { std::exit(code); }

 private:
  SelfWorld self_;
};

}  // namespace

std::unique_ptr<JoinedWorld> join_mpi_or_throw(const Launch& launch) {
  if (launch.tasks && *launch.tasks == 1) return std::make_unique<OneRankWorld>();
  if (launch.meeting) return join_tcp_or_throw(*launch.meeting);
  throw LaunchError(
      "started by " + launch.launcher + (launch.tasks ? " as one of " + std::to_string(*launch.tasks) : "") +
      " ranks, but this program was built without MPI (--version): build it with Open MPI or another "
      "MPI installed (-DGPT_WITH_MPI=ON), or start the ranks with srun or with RANK, WORLD_SIZE, "
      "MASTER_ADDR and MASTER_PORT set");
}

}  // namespace gpt::comm
