#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/gpt-dedup/catalogue.hpp"
#include "apps/gpt-dedup/keep_policy.hpp"
#include "apps/gpt-dedup/near/buckets.hpp"
#include "apps/gpt-dedup/near/signatures.hpp"
#include "apps/gpt-dedup/placed_texts.hpp"
#include "apps/gpt-dedup/stages/signature_file.hpp"

namespace gpt::dedup {

// The signature files of all shares as one corpus. Documents and rows are numbered through, in the order of
// the input. Memory: what of the files is looked at, which the system may drop again.
class SharedCorpus : public Signatures, public Places {
 public:
  // Throws io::DataError where a share is missing, or shares were made with different settings.
  static SharedCorpus open_or_throw(const std::string& folder);

  const std::vector<SignatureFile>& shares() const { return shares_; }
  const ShareHeader& settings() const { return shares_.front().header(); }  // alike in all of them
  DocumentId first_document(std::size_t share) const { return first_documents_[share]; }
  Row first_row(std::size_t share) const { return first_rows_[share]; }
  std::size_t documents() const { return first_documents_.back(); }
  // Stands for all that the signature files hold: what later stages leave belongs to it.
  std::uint64_t fingerprint() const;
  // Throws io::DataError where an input has another size than when its signatures were made.
  void check_inputs_or_throw() const;

  std::size_t size() const override { return first_rows_.back(); }
  DocumentId document(Row row) const override;
  std::span<const std::uint32_t> signature(Row row) const override;

  // file: a part of an input. The line counts from the beginning of the input, the offset from the part's.
  Place place(DocumentId document) const override;
  std::vector<std::string> part_names() const;  // the inputs' names
  std::vector<Dataset> datasets() const;
  std::vector<PlainFile> files() const;

 private:
  struct Part {
    DocumentId first_document;
    std::uint64_t lines_before;  // of its input, in earlier parts
  };
  explicit SharedCorpus(std::vector<SignatureFile> shares);

  std::vector<SignatureFile> shares_;
  std::vector<DocumentId> first_documents_;  // one more than there are shares
  std::vector<Row> first_rows_;              // likewise
  std::vector<Part> parts_;
};

// Equal documents of different shares: pairs of the first of all and the first of a later share.
struct EqualAcrossShares {
  std::vector<EqualPair> pairs;
  std::vector<bool> dropped;  // rows of the later ones: they are compared with nothing further
};
EqualAcrossShares find_equal_across_shares(const SharedCorpus& corpus);

// The buckets of the shares' sorted bands, merged: those whose keys fall to a shard. Rows that are dropped
// are left out. Memory: the bucket at hand.
class MergedBuckets : public Buckets {
 public:
  MergedBuckets(const SharedCorpus& corpus, const std::vector<bool>& dropped, io::Shard shard)
      : corpus_(corpus), dropped_(dropped), shard_(shard) {}
  std::function<std::optional<BucketBatch>()> of_band(std::size_t band) const override;

 private:
  const SharedCorpus& corpus_;
  const std::vector<bool>& dropped_;
  io::Shard shard_;
};

// The size of a file; 0 of what is none.
std::uint64_t input_bytes(const std::string& path);

// Names of the stages' files.
std::string signature_file_name(const std::string& folder, io::Shard shard);
std::string pair_file_name(const std::string& folder, io::Shard shard);
std::string kept_file_name(const std::string& folder);
// The files of one stage in a folder, in order of rank. Throws io::DataError where none is there, one is
// missing, or there are those of two divisions.
std::vector<std::string> stage_files_or_throw(const std::string& folder, const std::string& stage);

}  // namespace gpt::dedup
