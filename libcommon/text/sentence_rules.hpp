#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "libcommon/text/prefix_list.hpp"
#include "libcommon/text/sentences.hpp"

namespace gpt::text {

// Byte offsets at which a sentence ends (behind its closing marks), ascending, the last one the size of the
// text; found by the rules that SentenceSplitter describes.
std::vector<std::size_t> sentence_ends_by_rules(std::string_view text, const PrefixList& prefixes,
                                                Newlines newlines);

}  // namespace gpt::text
