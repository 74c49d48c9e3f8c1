#pragma once

#include <span>
#include <string>

#include "apps/gpt-bpe-train/files/pretty_json.hpp"

namespace gpt::bpe_train {

// The member "added_tokens" of a tokenizer.json: the special tokens by id. tokens: by id, the special ones
// among them.
void write_added_tokens(PrettyJson& json, std::span<const std::string> tokens,
                        std::span<const std::string> special_tokens);

}  // namespace gpt::bpe_train
