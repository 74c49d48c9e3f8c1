#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace gpt::tensor {

// The stretches of a ring of memory that hold something which is still being read: handed out in order, and
// given back in the same order. Holds no memory itself.
class RingSpace {
 public:
  explicit RingSpace(std::size_t bytes) : bytes_(bytes) {}

  // Where `bytes` in one piece can be written, at most bytes_, or nothing before more is given back.
  std::optional<std::size_t> take(std::size_t bytes);
  // The oldest stretch that is out has been read.
  void give_back_oldest();
  std::size_t stretches() const { return out_.size(); }

 private:
  struct Stretch {
    std::size_t begin, end;
  };

  std::size_t bytes_;
  std::deque<Stretch> out_;
};

}  // namespace gpt::tensor
