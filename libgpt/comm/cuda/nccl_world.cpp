#include "libgpt/comm/cuda/nccl_world.hpp"

#include "libgpt/comm/cuda/nccl_communicator.hpp"

namespace gpt::comm {
namespace {

class NcclWorld : public World {
 public:
  explicit NcclWorld(World& host)
      : host_(host),
        watchdog_(host.time_limit(), [this](const std::string& text) { end_all(text); }),
        world_(std::make_unique<StagedCommunicator>(host.communicator()),
               std::make_unique<NcclHandle>(host.communicator(), host.time_limit()),
               NcclCommunicator::Lanes::none, watchdog_, host.rank()) {
    set_time_limit(host.time_limit());
  }

  Communicator& communicator() override { return world_; }

  std::unique_ptr<Communicator> split_or_throw(const std::string& name, std::optional<int> colour,
                                               int key) override {
    return split(name, colour, key, NcclCommunicator::Lanes::none);
  }
  std::unique_ptr<Communicator> split_for_messages_or_throw(const std::string& name,
                                                            std::optional<int> colour, int key) override {
    return split(name, colour, key, NcclCommunicator::Lanes::ring);
  }

  void end_all_on_failure(const std::function<void()>& work) override { host_.end_all_on_failure(work); }

 private:
  std::unique_ptr<Communicator> split(const std::string& name, std::optional<int> colour, int key,
                                      NcclCommunicator::Lanes lanes) {
    auto of_host = host_.split_or_throw(name, colour, key);
    auto handle = world_.handle().split_or_throw(name, colour, key);
    if (of_host->size() == 1) return std::make_unique<SelfCommunicator>(name);
    return std::make_unique<NcclCommunicator>(std::move(of_host), std::move(handle), lanes, watchdog_,
                                              host_.rank());
  }

  // On the watchdog's thread, while the one that computes may be waiting for the GPU for ever.
  void end_all(const std::string& text) {
    host_.end_all_on_failure([&] { throw CommError(text); });
  }

  World& host_;
  MessageWatchdog watchdog_;
  NcclCommunicator world_;
};

}  // namespace

std::unique_ptr<World> make_nccl_world_or_throw(World& host) { return std::make_unique<NcclWorld>(host); }

std::string nccl_version_text() {
  int version = 0;
  if (ncclGetVersion(&version) != ncclSuccess) return "NCCL";
  return "NCCL " + std::to_string(version / 10000) + "." + std::to_string(version / 100 % 100) + "." +
         std::to_string(version % 100);
}

}  // namespace gpt::comm
