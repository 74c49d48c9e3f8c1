#pragma once

#include <cstdint>
#include <string_view>

#include "libcommon/io/document.hpp"

namespace gpt::clean {

// Whether a document belongs to a random sample that holds about `fraction` of all. Decided by the document
// and the seed alone, so that threads, order and shards do not matter; records that are the same go the same
// way.
bool is_sampled(const io::Document& document, double fraction, std::uint64_t seed);

}  // namespace gpt::clean
