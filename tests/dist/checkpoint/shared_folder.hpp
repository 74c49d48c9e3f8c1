#pragma once

#include <memory>
#include <string>

#include "libgpt/comm/byte_strings.hpp"
#include "tests/dist/dist_world.hpp"
#include "tests/support/scratch_folder.hpp"

namespace gpt::test {

// A scratch folder of rank 0 that all ranks use; removed when all have left it.
class SharedFolder {
 public:
  SharedFolder() {
    if (world().rank() == 0) own_ = std::make_unique<ScratchFolder>();
    path_ = comm::broadcast_string(world().communicator(), own_ ? own_->path() : "", 0);
  }
  ~SharedFolder() {
    try {
      world().communicator().barrier();
    } catch (const comm::CommError&) {  // the ranks are ending
    }
  }
  SharedFolder(const SharedFolder&) = delete;
  SharedFolder& operator=(const SharedFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::unique_ptr<ScratchFolder> own_;
  std::string path_;
};

}  // namespace gpt::test
