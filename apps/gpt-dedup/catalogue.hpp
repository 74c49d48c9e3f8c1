#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace gpt::dedup {

using DocumentId = std::uint32_t;  // position among all documents of all inputs

// Where a document stands in the inputs.
struct Place {
  std::size_t file = 0;
  std::uint64_t line = 0;    // from 1
  std::uint64_t offset = 0;  // of its line, in bytes from the first line of the file, each line with one '\n'
  bool operator==(const Place&) const = default;
};

// Where documents stand, by their numbers.
class Places {
 public:
  virtual ~Places() = default;
  virtual Place place(DocumentId document) const = 0;
};

// The places of all documents, in input order. Memory: 16 bytes a document.
class Catalogue : public Places {
 public:
  // Places ascend. Throws std::length_error beyond 2^32 - 2 documents.
  DocumentId add(Place place);
  std::size_t size() const { return lines_.size(); }
  Place place(DocumentId document) const override;
  // Documents of a file that stand in lines [first, first + count): their first id and the one after.
  std::pair<DocumentId, DocumentId> within(std::size_t file, std::uint64_t first, std::uint64_t count) const;

 private:
  std::vector<std::uint64_t> lines_;
  std::vector<std::uint64_t> offsets_;
  std::vector<DocumentId> file_begins_;  // first document of each file so far
};

}  // namespace gpt::dedup
