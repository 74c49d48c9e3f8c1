#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "apps/gpt-dedup/near/listing.hpp"
#include "apps/gpt-dedup/near/minhash_options.hpp"
#include "apps/gpt-dedup/stages/settings.hpp"
#include "apps/gpt-dedup/stages/signature_file.hpp"
#include "libcommon/io/mapped_file.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/io/shard.hpp"

namespace gpt::dedup {

// A candidate pair, as a list of all of them shows it; first < later.
struct ListedPair {
  DocumentId first = 0;
  DocumentId later = 0;
  double jaccard = 0;    // of their shingles; 0 with Verify::signatures
  double signature = 0;  // the share of equal numbers in their signatures
};

// What the second stage leaves of a share of the buckets (docs/formats/dedup-stages.md): 8 bytes a pair, 24 a
// listed one.
struct PairHeader {
  io::Shard shard;
  double threshold = 0;
  Verify verify = Verify::shingles;
  std::uint64_t documents = 0;  // of the corpus that was compared
  std::uint64_t corpus = 0;     // SharedCorpus::fingerprint
  Listing listing = Listing::none;
  std::uint64_t compared = 0;
  std::uint64_t equals = 0;
  std::uint64_t similar = 0;
  std::uint64_t listed = 0;

  // How the share was compared, and what.
  Settings settings() const;
};

// All in the numbers of SharedCorpus.
struct FoundPairs {
  std::span<const EqualPair> equals;
  std::span<const EqualPair> similar;  // enough of them to make the groups from
  std::span<const ListedPair> listed;  // with Listing::all_pairs, ascending
};

// header: the lengths of the lists are filled in here.
void write_pair_file_or_throw(io::OutputFile& output, PairHeader header, const FoundPairs& pairs);

class PairFile {
 public:
  // Throws io::IoError, or io::DataError where it is not whole.
  static PairFile open_or_throw(const std::string& path);
  const PairHeader& header() const { return header_; }
  // Stands for all that the file holds.
  std::uint64_t fingerprint() const { return fingerprint_; }
  const FoundPairs& pairs() const { return pairs_; }

 private:
  explicit PairFile(io::MappedFile file) : file_(std::move(file)) {}

  io::MappedFile file_;
  PairHeader header_;
  std::uint64_t fingerprint_ = 0;
  FoundPairs pairs_;
};

}  // namespace gpt::dedup
