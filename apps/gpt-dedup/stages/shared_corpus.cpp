#include "apps/gpt-dedup/stages/shared_corpus.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <queue>
#include <stdexcept>
#include <utility>

#include "apps/gpt-dedup/stages/section_file.hpp"
#include "libcommon/io/errors.hpp"

namespace gpt::dedup {
namespace {

// The index of the last element that is not greater; the first elements are 0.
template <class T>
std::size_t holder(const std::vector<T>& firsts, T value) {
  return static_cast<std::size_t>(std::upper_bound(firsts.begin(), firsts.end(), value) - firsts.begin()) - 1;
}

// The least key of a shard's part of all keys: floor(2^64 rank / world), and 0 beyond the last.
std::uint64_t least_key(int rank, int world) {
  return static_cast<std::uint64_t>((static_cast<unsigned __int128>(rank) << 64U) /
                                    static_cast<unsigned>(world));
}

// A sorted list of a share while lists are merged; the one with the least (key, share) comes first.
template <class Key>
struct Cursor {
  Key key;
  std::size_t share;
  std::size_t at;
};
template <class Key>
struct Later {
  bool operator()(const Cursor<Key>& a, const Cursor<Key>& b) const {
    return a.key != b.key ? b.key < a.key : a.share > b.share;
  }
};
template <class Key>
using Cursors = std::priority_queue<Cursor<Key>, std::vector<Cursor<Key>>, Later<Key>>;

// The band's sorted lists of all shares, one bucket after the other.
class BandMerge {
 public:
  BandMerge(const SharedCorpus& corpus, const std::vector<bool>& dropped, io::Shard shard, std::size_t band)
      : corpus_(corpus), dropped_(dropped), band_(band) {
    const std::uint64_t least = least_key(shard.rank, shard.world);
    for (std::size_t share = 0; share < corpus.shares().size(); ++share) {
      const auto keys = corpus.shares()[share].band_keys(band);
      const auto begin = std::lower_bound(keys.begin(), keys.end(), least);
      const auto end = shard.rank + 1 == shard.world
                           ? keys.end()
                           : std::lower_bound(begin, keys.end(), least_key(shard.rank + 1, shard.world));
      ends_.push_back(static_cast<std::size_t>(end - keys.begin()));
      if (begin != end) cursors_.push({*begin, share, static_cast<std::size_t>(begin - keys.begin())});
    }
  }

  // The next bucket of two rows or more; empty at the end. Holds until the next call.
  std::span<const Row> next() {
    while (!cursors_.empty()) {
      const std::uint64_t key = cursors_.top().key;
      rows_.clear();
      while (!cursors_.empty() && cursors_.top().key == key) take_rows_of(key);
      if (rows_.size() > 1) return rows_;
    }
    return {};
  }

 private:
  // All rows of the key in the foremost share.
  void take_rows_of(std::uint64_t key) {
    Cursor<std::uint64_t> cursor = cursors_.top();
    cursors_.pop();
    const SignatureFile& share = corpus_.shares()[cursor.share];
    const auto keys = share.band_keys(band_);
    const auto rows = share.band_rows(band_);
    for (; cursor.at < ends_[cursor.share] && keys[cursor.at] == key; ++cursor.at) {
      if (rows[cursor.at] >= share.header().rows) share.refuse_number_or_throw();
      const Row row = corpus_.first_row(cursor.share) + rows[cursor.at];
      if (!dropped_[row]) rows_.push_back(row);
    }
    if (cursor.at == ends_[cursor.share]) return;
    cursor.key = keys[cursor.at];
    cursors_.push(cursor);
  }

  const SharedCorpus& corpus_;
  const std::vector<bool>& dropped_;
  std::size_t band_;
  std::vector<std::size_t> ends_;
  Cursors<std::uint64_t> cursors_;
  std::vector<Row> rows_;
};

}  // namespace

SharedCorpus SharedCorpus::open_or_throw(const std::string& folder) {
  std::vector<SignatureFile> shares;
  for (const std::string& file : stage_files_or_throw(folder, "signatures")) {
    shares.push_back(SignatureFile::open_or_throw(file));
    if (const auto unlike = difference(shares.back().header().settings(), shares.front().header().settings()))
      throw io::DataError(file, "was made with " + *unlike + " as " + shares.front().path() +
                                    ": run gpt-dedup signatures alike for all shares");
  }
  return SharedCorpus(std::move(shares));
}

SharedCorpus::SharedCorpus(std::vector<SignatureFile> shares)
    : shares_(std::move(shares)), first_documents_{0}, first_rows_{0} {
  std::map<std::string, std::uint64_t> lines;  // of each input so far
  std::uint64_t documents = 0;
  for (const SignatureFile& share : shares_) {
    for (const SharePart& part : share.header().parts) {
      parts_.push_back({static_cast<DocumentId>(documents), lines[part.range.path]});
      lines[part.range.path] += part.lines.count;
      documents += part.documents;
    }
    if (documents >= 0xFFFFFFFE)
      throw std::length_error("more than 4,294,967,294 documents: deduplicate the inputs in parts");
    first_documents_.push_back(static_cast<DocumentId>(documents));
    first_rows_.push_back(first_rows_.back() + static_cast<Row>(share.header().rows));
  }
}

std::uint64_t SharedCorpus::fingerprint() const {
  std::vector<std::uint64_t> fingerprints;
  for (const SignatureFile& share : shares_) fingerprints.push_back(share.fingerprint());
  return fingerprint_of(fingerprints);
}

void SharedCorpus::check_inputs_or_throw() const {
  for (const SignatureFile& share : shares_)
    for (const SharePart& part : share.header().parts)
      if (const std::uint64_t bytes = input_bytes(part.range.path); bytes != part.file_bytes)
        throw io::DataError(part.range.path, "has " + std::to_string(bytes) + " bytes, but had " +
                                                 std::to_string(part.file_bytes) +
                                                 " for gpt-dedup signatures: run all stages again");
}

DocumentId SharedCorpus::document(Row row) const {
  const std::size_t share = holder(first_rows_, row);
  const DocumentId document = shares_[share].row_documents()[row - first_rows_[share]];
  if (document >= shares_[share].header().documents) shares_[share].refuse_number_or_throw();
  return first_documents_[share] + document;
}

std::span<const std::uint32_t> SharedCorpus::signature(Row row) const {
  const std::size_t share = holder(first_rows_, row);
  return shares_[share].signature(row - first_rows_[share]);
}

Place SharedCorpus::place(DocumentId document) const {
  const std::size_t share = holder(first_documents_, document);
  const DocumentId within = document - first_documents_[share];
  const auto after =
      std::upper_bound(parts_.begin(), parts_.end(), document,
                       [](DocumentId id, const Part& part) { return id < part.first_document; });
  const auto part = static_cast<std::size_t>(after - parts_.begin()) - 1;
  return {part, parts_[part].lines_before + shares_[share].lines()[within], shares_[share].offsets()[within]};
}

std::vector<std::string> SharedCorpus::part_names() const {
  std::vector<std::string> names;
  for (const Dataset& dataset : datasets()) names.push_back(dataset.name);
  return names;
}

std::vector<Dataset> SharedCorpus::datasets() const {
  std::vector<Dataset> datasets;
  for (const SignatureFile& share : shares_)
    for (const SharePart& part : share.header().parts) datasets.push_back({part.range.path, part.reference});
  return datasets;
}

std::vector<PlainFile> SharedCorpus::files() const {
  std::vector<PlainFile> files;
  for (const SignatureFile& share : shares_)
    for (const SharePart& part : share.header().parts) files.push_back({part.range, part.format});
  return files;
}

std::uint64_t input_bytes(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return 0;
  const auto bytes = std::filesystem::file_size(path, error);
  return error ? 0 : bytes;
}

EqualAcrossShares find_equal_across_shares(const SharedCorpus& corpus) {
  EqualAcrossShares result;
  result.dropped.resize(corpus.size());
  Cursors<Digest> cursors;
  for (std::size_t share = 0; share < corpus.shares().size(); ++share) {
    const auto digests = corpus.shares()[share].digests();
    if (!digests.empty()) cursors.push({digests.front(), share, 0});
  }
  std::optional<Digest> last;
  DocumentId first = 0;
  while (!cursors.empty()) {
    Cursor<Digest> cursor = cursors.top();
    cursors.pop();
    const SignatureFile& share = corpus.shares()[cursor.share];
    const DocumentId within = share.digest_documents()[cursor.at];
    if (within >= share.header().documents) share.refuse_number_or_throw();
    const DocumentId document = corpus.first_document(cursor.share) + within;
    if (last == cursor.key) {
      result.pairs.push_back({first, document});
      const auto rows = share.row_documents();
      const auto row = std::lower_bound(rows.begin(), rows.end(), within);
      if (row != rows.end() && *row == within)
        result.dropped[corpus.first_row(cursor.share) + static_cast<Row>(row - rows.begin())] = true;
    } else {
      last = cursor.key;
      first = document;
    }
    if (++cursor.at == share.digests().size()) continue;
    cursor.key = share.digests()[cursor.at];
    cursors.push(cursor);
  }
  return result;
}

std::function<std::optional<BucketBatch>()> MergedBuckets::of_band(std::size_t band) const {
  return
      [merge = std::make_shared<BandMerge>(corpus_, dropped_, shard_, band)]() -> std::optional<BucketBatch> {
        BucketBatch batch;
        while (batch.rows() < kRowsABatch) {
          const auto bucket = merge->next();
          if (bucket.empty()) break;
          batch.add(bucket);
        }
        if (batch.size() == 0) return std::nullopt;
        return batch;
      };
}

}  // namespace gpt::dedup
