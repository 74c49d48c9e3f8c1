#pragma once

#include <string_view>

namespace gpt::crawl {

// Throws UnreadablePage for a page whose parsing would take quadratic time: too many elements left open at
// once, or too many attributes on one. It is a scan of the tags alone: elements that HTML closes by itself
// are not counted.
void check_nesting_or_throw(std::string_view html);

}  // namespace gpt::crawl
