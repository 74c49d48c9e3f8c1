#pragma once

#include <memory>
#include <string>

#include "libcommon/tokenizer/tokenizer.hpp"

namespace gpt::clean {

// The tokenizer of --vocab-file and --merge-file: a vocab.json with its merges.txt, or a tokenizer.json
// alone; null without either. One in memory for all workers. Throws where the files are damaged or do not fit
// together.
std::shared_ptr<const tokenizer::Tokenizer> shared_tokenizer_or_throw(const std::string& vocab_file,
                                                                      const std::string& merge_file);

}  // namespace gpt::clean
