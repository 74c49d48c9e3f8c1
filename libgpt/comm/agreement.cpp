#include "libgpt/comm/agreement.hpp"

#include <cstdint>
#include <exception>

#include "libgpt/comm/byte_strings.hpp"

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
  message = broadcast_string(world, message, teller);
  return world.size() == 1 ? message : "rank " + std::to_string(teller) + ": " + message;
}

}  // namespace gpt::comm
