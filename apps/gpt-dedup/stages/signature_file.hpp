#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "apps/gpt-dedup/catalogue.hpp"
#include "apps/gpt-dedup/digest_stage.hpp"
#include "apps/gpt-dedup/exact.hpp"
#include "apps/gpt-dedup/keep_options.hpp"
#include "apps/gpt-dedup/near/minhash_options.hpp"
#include "apps/gpt-dedup/near/signatures.hpp"
#include "apps/gpt-dedup/stages/settings.hpp"
#include "libcommon/io/document.hpp"
#include "libcommon/io/file_range.hpp"
#include "libcommon/io/mapped_file.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/io/shard.hpp"

namespace gpt::dedup {

class SectionReader;

// What the first stage leaves of a share of the input (docs/formats/dedup-stages.md): 680 bytes for each
// distinct document with 100 seeds and 20 bands.

// A part of an input, and what was found in it.
struct SharePart {
  io::FileRange range;
  io::DocumentFormat format = io::DocumentFormat::jsonl;
  bool reference = false;
  std::uint64_t file_bytes = 0;  // of the whole input, as it lies on the disk
  LinesRead lines;
  std::uint64_t documents = 0;
};

// The beginning of the file, in words.
struct ShareHeader {
  io::Shard shard;
  MinHashOptions minhash;  // without threshold and verification
  std::uint64_t seed = 0;
  std::string text_key;
  Keep keep = Keep::first;
  std::string keep_field;
  std::vector<SharePart> parts;
  std::uint64_t documents = 0;
  std::uint64_t rows = 0;    // documents with a signature: the first of equal ones
  std::uint64_t equals = 0;  // documents that are equal to an earlier one of the share
  std::uint64_t bytes = 0;   // of text read, decompressed
  std::uint64_t bad_records = 0;

  bool has_scores() const { return keep != Keep::first; }
  // How the share was read and signed: all shares of a corpus have these alike.
  Settings settings() const;
  // Those, and what was read.
  Settings settings_and_inputs() const;
};

// What a file is made of, one array or several of each.
enum class Content { places, scores, equals, rows, digests, signatures, bands };

struct EqualPair {
  DocumentId first = 0;
  DocumentId later = 0;
};

// header: documents, rows and equals are filled in here.
void write_signature_file_or_throw(io::OutputFile& output, ShareHeader header,
                                   const DigestedCorpus& digested);

// The file, mapped. Numbers of documents and rows count from the beginning of the share.
class SignatureFile {
 public:
  // Reads and checks the beginning; of the arrays only the lengths. Throws io::IoError, or io::DataError
  // where it is not whole.
  static SignatureFile open_or_throw(const std::string& path);

  const ShareHeader& header() const { return header_; }
  const std::string& path() const { return file_.path(); }
  // Stands for all that the file holds.
  std::uint64_t fingerprint() const { return fingerprint_; }

  // Compare arrays with their checksums, reading them through: all, those of places, those that groups are
  // made of. Throw io::DataError. Numbers of documents and rows in arrays nobody verified may lie outside.
  void verify_or_throw() const;
  void verify_places_or_throw() const;
  void verify_groups_or_throw() const;
  [[noreturn]] void refuse_number_or_throw() const;  // for who met such a number

  std::span<const std::uint64_t> lines() const { return lines_; }
  std::span<const std::uint64_t> offsets() const { return offsets_; }
  std::span<const double> scores() const { return scores_; }
  std::span<const EqualPair> equals() const { return equals_; }
  std::span<const DocumentId> row_documents() const { return row_documents_; }
  std::span<const Digest> digests() const { return digests_; }  // ascending
  std::span<const DocumentId> digest_documents() const { return digest_documents_; }
  std::span<const std::uint32_t> signature(Row row) const {
    const auto seeds = static_cast<std::size_t>(header_.minhash.seeds);
    return signatures_.subspan(row * seeds, seeds);
  }
  std::span<const std::uint64_t> band_keys(std::size_t band) const;  // ascending
  std::span<const Row> band_rows(std::size_t band) const;            // of equal keys ascending

 private:
  explicit SignatureFile(io::MappedFile file) : file_(std::move(file)) {}
  void map_or_throw(SectionReader& reader, Content content);
  void verify_or_throw(Content content) const;

  struct Section {
    Content content;
    std::span<const std::byte> bytes;
  };

  io::MappedFile file_;
  ShareHeader header_;
  std::uint64_t fingerprint_ = 0;
  std::vector<Section> sections_;
  std::vector<std::uint64_t> checksums_;  // of the sections
  std::span<const std::uint64_t> lines_, offsets_;
  std::span<const double> scores_;
  std::span<const EqualPair> equals_;
  std::span<const DocumentId> row_documents_;
  std::span<const Digest> digests_;
  std::span<const DocumentId> digest_documents_;
  std::span<const std::uint32_t> signatures_;
  std::vector<std::span<const std::uint64_t>> band_keys_;
  std::vector<std::span<const Row>> band_rows_;
};

}  // namespace gpt::dedup
