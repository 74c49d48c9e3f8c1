#include "libgpt/comm/communicator.hpp"

namespace gpt::comm {

Request::~Request() {
  try {
    wait();
  } catch (...) {  // the ranks are ending: whoever waited in the open has told it
  }
}

}  // namespace gpt::comm
