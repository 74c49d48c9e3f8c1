#pragma once

#include <cstdint>

namespace gpt::schedule {

enum class Pass { forward, backward };

// One thing a pipeline stage does: it takes a micro batch through one of its model chunks.
struct Action {
  Pass pass = Pass::forward;
  std::int64_t micro_batch = 0;  // of this step and replica, from 0
  std::int64_t chunk = 0;        // of this stage, from 0; always 0 without virtual stages

  friend bool operator==(const Action&, const Action&) = default;
};

}  // namespace gpt::schedule
