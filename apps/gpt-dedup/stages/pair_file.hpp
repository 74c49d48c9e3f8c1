#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "apps/gpt-dedup/near/minhash_options.hpp"
#include "apps/gpt-dedup/stages/signature_file.hpp"
#include "libcommon/io/mapped_file.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/io/shard.hpp"

namespace gpt::dedup {

// What the second stage leaves of a share of the buckets (docs/formats/dedup-stages.md): 8 bytes a pair.
struct PairHeader {
  io::Shard shard;
  double threshold = 0;
  Verify verify = Verify::shingles;
  std::uint64_t documents = 0;  // of the corpus that was compared
  std::uint64_t corpus = 0;     // SharedCorpus::fingerprint
  std::uint64_t equals = 0;
  std::uint64_t similar = 0;
};

// header: equals and similar are filled in here. Both lists in the numbers of SharedCorpus.
void write_pair_file_or_throw(io::OutputFile& output, PairHeader header, std::span<const EqualPair> equals,
                              std::span<const EqualPair> similar);

class PairFile {
 public:
  // Throws io::IoError, or io::DataError where it is not whole.
  static PairFile open_or_throw(const std::string& path);
  const PairHeader& header() const { return header_; }
  std::span<const EqualPair> equals() const { return equals_; }
  std::span<const EqualPair> similar() const { return similar_; }

 private:
  explicit PairFile(io::MappedFile file) : file_(std::move(file)) {}

  io::MappedFile file_;
  PairHeader header_;
  std::span<const EqualPair> equals_;
  std::span<const EqualPair> similar_;
};

}  // namespace gpt::dedup
