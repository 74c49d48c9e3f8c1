#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "libgpt/checkpoint/write_plan.hpp"
#include "libgpt/comm/communicator.hpp"

namespace gpt::checkpoint {

// Elements of a tensor that are gathered and written at once, at most: 16 MiB of them.
inline constexpr std::int64_t kWindowElements = std::int64_t{1} << 22;

// Brings the tensors of some of the planned files, window after window, from the ranks that hold them to each
// file's writer. The files move on together, so that writers work at the same time, and while one window is
// written the next is on its way: a writer holds two windows of each of these files, whatever the sizes of
// tensors, and any rank what it gives of them from a device. take(file, values): called on a file's writer
// with its elements in order, file by its number in the plan; must not throw, since other ranks' messages are
// under way. Collective; throws CommError.
void gather_windows(comm::Communicator& world, const WritePlan& plan, std::size_t first_file,
                    std::size_t files, const CheckpointContent& content,
                    const std::function<void(std::size_t, std::span<const float>)>& take);

}  // namespace gpt::checkpoint
