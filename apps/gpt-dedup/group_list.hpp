#pragma once

#include <functional>
#include <string>
#include <vector>

#include "apps/gpt-dedup/catalogue.hpp"
#include "apps/gpt-dedup/keep_policy.hpp"
#include "apps/gpt-dedup/near/minhash_options.hpp"
#include "apps/gpt-dedup/near/signatures.hpp"
#include "apps/gpt-dedup/pair_list.hpp"
#include "apps/gpt-dedup/texts.hpp"
#include "libcommon/io/output_file.hpp"

namespace gpt::dedup {

// How like two documents are that stand in one group and are not equal, the earlier given first.
using Comparison = std::function<Pair(DocumentId, DocumentId)>;

// By signatures of documents that are equal to no earlier one. texts: of them; with Verify::shingles, else
// null. All must outlive it.
Comparison comparison_by_signatures(const Signatures& signatures, const Texts* texts,
                                    const MinHashOptions& options);

// What is known about groups when they are listed.
struct GroupedCorpus {
  const Places& places;
  const std::vector<std::string>& files;    // names, by the file of a place
  const std::vector<DocumentId>& equal_to;  // of each document, the first that is equal
  const DisjointSets& groups;               // flattened
  const Selection& selection;
  const Comparison& comparison;  // of documents that are equal_to themselves
};

// Writes the groups of two documents or more as JSON Lines (docs/formats/groups.md), in the order of their
// first documents, each with its similarity to the chosen one.
void write_groups(const GroupedCorpus& corpus, io::OutputFile& output);

}  // namespace gpt::dedup
