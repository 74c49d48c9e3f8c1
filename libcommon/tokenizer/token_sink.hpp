#pragma once

#include <functional>
#include <span>

#include "libcommon/tokenizer/byte_level_bpe.hpp"

namespace gpt::tokenizer {

// Takes the next ids of a text; the view holds until it returns.
using TokenSink = std::function<void(std::span<const TokenId>)>;

}  // namespace gpt::tokenizer
