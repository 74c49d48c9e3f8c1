#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "apps/gpt-dedup/stages/shared_corpus.hpp"
#include "apps/gpt-dedup/texts.hpp"
#include "libcommon/cli/command.hpp"

namespace gpt::dedup {

// The texts of a shared corpus: where they stand in the inputs, or, where one is compressed, copied to a
// temporary file in a reading of all inputs. wanted: flags the documents that may be asked for.
//
// Throws std::runtime_error where an input is not what its signatures were made of. Where texts stay in
// place, a task looks at every shard.world-th share from shard.rank on, so that together they look at all.
std::unique_ptr<Texts> texts_of(const SharedCorpus& corpus, io::Shard shard,
                                const std::function<std::vector<bool>()>& wanted,
                                const std::string& temporary_folder, const cli::CommonOptions& common);

}  // namespace gpt::dedup
