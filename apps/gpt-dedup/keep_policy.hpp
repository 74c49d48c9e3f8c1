#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/gpt-dedup/catalogue.hpp"
#include "apps/gpt-dedup/disjoint_sets.hpp"
#include "apps/gpt-dedup/keep_options.hpp"

namespace gpt::dedup {

// One input as a dataset: where its documents stand when one of a group is chosen.
struct Dataset {
  std::string name;
  bool reference = false;  // its documents are never written
};

// Which documents are written, and for each group the one it is judged by.
struct Selection {
  std::vector<bool> kept;
  std::vector<DocumentId> chosen;  // by the group's name (DisjointSets); of others meaningless
  std::uint64_t references = 0;    // documents of reference datasets
  std::uint64_t kept_count = 0;
};

// Chooses from each group: a document of a reference before all others, then by --priority, then the highest
// score, then the first. With --across-only all documents of the chosen one's dataset stay.
//   scores: one a document, or none. datasets: by the file of a catalogue.
// groups must be flattened. Memory: 4 bytes and a bit a document.
Selection choose(const Places& places, const DisjointSets& groups, const std::vector<double>& scores,
                 const std::vector<Dataset>& datasets, const KeepOptions& options);

// How many of the documents that go are equal to one that stays or is a reference, or to an earlier one; the
// others are near duplicates. equal_to: of each document the first that is equal.
std::uint64_t removed_equal(const Places& places, const Selection& selection,
                            const std::vector<DocumentId>& equal_to, const std::vector<Dataset>& datasets);

}  // namespace gpt::dedup
