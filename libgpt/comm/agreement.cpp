#include "libgpt/comm/agreement.hpp"

#include <cstdint>
#include <exception>
#include <span>

namespace gpt::comm {

std::optional<std::string> first_failure(Communicator& world, const std::function<void()>& work) {
  const std::int64_t nobody = world.size();
  std::int64_t failed = nobody;
  std::string message;
  try {
    work();
  } catch (const CommError&) {
    throw;
  } catch (const std::exception& error) {
    failed = world.rank();
    message = error.what();
  }
  failed = world.all_reduced(failed, Reduction::min);
  if (failed == nobody) return std::nullopt;
  const int teller = static_cast<int>(failed);
  auto length = static_cast<std::int64_t>(message.size());
  world.broadcast(std::span<std::int64_t>(&length, 1), teller);
  message.resize(static_cast<std::size_t>(length));
  world.broadcast(std::span<char>(message), teller);
  return world.size() == 1 ? message : "rank " + std::to_string(teller) + ": " + message;
}

}  // namespace gpt::comm
