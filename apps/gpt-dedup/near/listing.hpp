#pragma once

namespace gpt::dedup {

// Whether every candidate pair is compared and kept for a list, or only what tells the groups.
enum class Listing { none, all_pairs };

}  // namespace gpt::dedup
