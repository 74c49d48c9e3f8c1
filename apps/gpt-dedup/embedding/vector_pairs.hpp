#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "apps/gpt-dedup/embedding/embedding_options.hpp"
#include "apps/gpt-dedup/embedding/vectors.hpp"
#include "libcommon/cli/command.hpp"

namespace gpt::dedup {

struct VectorPairsFound {
  VectorSearch search = VectorSearch::exact;  // the one that was taken
  std::uint64_t compared_pairs = 0;
};

// Hands the pairs whose cosine is options.cosine or more to `take`, on the calling thread, in an order that
// does not hang on the threads; with PairsWanted::connecting which of them does.
VectorPairsFound find_vector_pairs(const VectorTable& table, const EmbeddingOptions& options,
                                   PairsWanted wanted, const cli::CommonOptions& common,
                                   const std::function<void(const std::vector<CosinePair>&)>& take);

}  // namespace gpt::dedup
