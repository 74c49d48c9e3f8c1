#include "libgpt/comm/communicator.hpp"

#include <exception>

namespace gpt::comm {

Request::~Request() {
  if (std::uncaught_exceptions() > 0) return;
  try {
    wait();
  } catch (...) {  // the ranks are ending: whoever waited in the open has told it
  }
}

}  // namespace gpt::comm
