#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "apps/gpt-dedup/near/signatures.hpp"

namespace gpt::dedup {

// The signatures of those documents that are compared, a row each, in document order. Memory: 4 bytes a seed
// and 4 a row, in chunks, so that growing copies nothing.
class SignatureStore : public Signatures {
 public:
  explicit SignatureStore(std::size_t seeds) : seeds_(seeds) {}

  void add(DocumentId document, std::span<const std::uint32_t> signature) {
    const std::size_t slot = documents_.size() % kRowsPerChunk;
    if (slot == 0) chunks_.push_back(std::make_unique_for_overwrite<std::uint32_t[]>(kRowsPerChunk * seeds_));
    std::copy(signature.begin(), signature.end(), chunks_.back().get() + slot * seeds_);
    documents_.push_back(document);
  }
  std::size_t size() const override { return documents_.size(); }
  std::size_t seeds() const { return seeds_; }
  DocumentId document(Row row) const override { return documents_[row]; }
  std::span<const std::uint32_t> signature(Row row) const override {
    return {chunks_[row / kRowsPerChunk].get() + row % kRowsPerChunk * seeds_, seeds_};
  }

 private:
  static constexpr std::size_t kRowsPerChunk = 4096;
  std::size_t seeds_;
  std::vector<std::unique_ptr<std::uint32_t[]>> chunks_;
  std::vector<DocumentId> documents_;
};

}  // namespace gpt::dedup
