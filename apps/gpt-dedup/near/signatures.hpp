#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "apps/gpt-dedup/catalogue.hpp"

namespace gpt::dedup {

using Row = std::uint32_t;  // position among the documents that have a signature

// Signatures of documents, in document order, wherever they lie. Several threads may read.
class Signatures {
 public:
  virtual ~Signatures() = default;
  virtual std::size_t size() const = 0;
  virtual DocumentId document(Row row) const = 0;
  virtual std::span<const std::uint32_t> signature(Row row) const = 0;
};

}  // namespace gpt::dedup
