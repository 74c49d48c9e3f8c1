#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gpt::crawl {

// What parsing a page would ask for, estimated by a scan of its tags. Elements that HTML closes by itself are
// not counted, elements left open are; any doubt is decided for the greater depth.
struct NestingCost {
  std::size_t depth = 0;  // most elements open at once
  std::size_t most_attributes = 0;
  std::uint64_t steps = 0;  // open elements walked and attributes compared
};

NestingCost nesting_cost(std::string_view html);

// Throws UnreadablePage for a page whose parsing would take quadratic time.
void check_nesting_or_throw(std::string_view html);

}  // namespace gpt::crawl
