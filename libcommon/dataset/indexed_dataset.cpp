#include "libcommon/dataset/indexed_dataset.hpp"

#include <algorithm>

#include "libcommon/io/errors.hpp"

namespace gpt::dataset {
namespace {

template <class T>
T value_at(std::span<const std::byte> bytes, std::size_t at) {
  return PackedView<T>(bytes.data() + at, 1)[0];
}

std::string quantity(std::uint64_t count, const char* what) { return std::to_string(count) + " " + what; }

}  // namespace

IndexedDataset IndexedDataset::open_or_throw(const std::string& prefix, IndexCheck check) {
  auto idx = io::MappedFile::open_or_throw(prefix + ".idx");
  auto bin = io::MappedFile::open_or_throw(prefix + ".bin");
  IndexedDataset dataset(prefix, std::move(bin), std::move(idx));
  dataset.read_header_or_throw();
  if (check == IndexCheck::every_entry) dataset.check_entries_or_throw();
  return dataset;
}

void IndexedDataset::read_header_or_throw() {
  const auto bytes = idx_.bytes();
  const auto refuse = [this](const std::string& reason) { throw io::DataError(idx_.path(), reason); };
  if (bytes.size() < kIndexHeaderBytes)
    refuse("has " + quantity(bytes.size(), "bytes, fewer than the 34 of the header: it is cut short"));
  if (std::memcmp(bytes.data(), kIndexMagic.data(), kIndexMagic.size()) != 0)
    refuse(
        "does not begin as an index of Megatron's mmap format does: was it made with --dataset-impl mmap?");
  if (const auto version = value_at<std::uint64_t>(bytes, 9); version != kIndexVersion)
    refuse("has format version " + std::to_string(version) + "; only version 1 can be read");
  const auto code = value_at<std::uint8_t>(bytes, 17);
  const auto type = token_type_of_code(code);
  if (!type) refuse("has data type code " + std::to_string(code) + ", which is none of token ids (1-5, 8)");
  type_ = *type;

  const auto sequences = value_at<std::uint64_t>(bytes, 18);
  const auto entries = value_at<std::uint64_t>(bytes, 26);
  const std::uint64_t room = bytes.size() - kIndexHeaderBytes;
  // Divisions first, so that absurd counts do not overflow.
  if (sequences > room / 12 || entries > room / 8 || sequences * 12 + entries * 8 != room) {
    refuse("has " + quantity(bytes.size(), "bytes, but its header announces ") +
           quantity(sequences, "sequences and ") + quantity(entries, "entries in the document index") +
           ", which take 34 + 12 and 8 bytes each: it is cut short or damaged");
  }
  if (entries == 0) refuse("has an empty document index, which needs one entry at least: it is damaged");
  const std::byte* at = bytes.data() + kIndexHeaderBytes;
  sizes_ = {at, sequences};
  positions_ = {at + sequences * 4, sequences};
  document_index_ = {at + sequences * 12, entries};
}

void IndexedDataset::check_entries_or_throw() const {
  const std::uint64_t width = bytes_of(type_);
  const std::uint64_t available = bin_.bytes().size();
  const auto refuse = [this](const std::string& reason) { throw io::DataError(idx_.path(), reason); };
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < sequences(); ++i) {
    const std::int64_t position = positions_[i];
    if (sizes_[i] < 0 || position < 0 || static_cast<std::uint64_t>(position) % width != 0) {
      refuse("sequence " + std::to_string(i) + " has size " + std::to_string(sizes_[i]) + " and position " +
             std::to_string(position) + ", which no sequence of " + std::string(name_of(type_)) +
             " can have: it is damaged");
    }
    const std::uint64_t sequence_end = static_cast<std::uint64_t>(position) + size(i) * width;
    if (sequence_end > available) {
      refuse("sequence " + std::to_string(i) + " ends at byte " + std::to_string(sequence_end) + ", but " +
             bin_.path() + " has " +
             quantity(available, "bytes: it is cut short, or the two do not belong together"));
    }
    end = std::max(end, sequence_end);
  }
  if (end != available) {
    refuse("its sequences end at byte " + std::to_string(end) + ", but " + bin_.path() + " has " +
           quantity(available, "bytes: the two do not belong together"));
  }

  std::int64_t previous = 0;
  for (std::size_t d = 0; d < document_index_.size(); ++d) {
    const std::int64_t first = document_index_[d];
    if ((d == 0 && first != 0) || first < previous || first > static_cast<std::int64_t>(sequences())) {
      refuse("entry " + std::to_string(d) + " of the document index is " + std::to_string(first) + " after " +
             std::to_string(previous) + ", of " + quantity(sequences(), "sequences: it is damaged"));
    }
    previous = first;
  }
  if (static_cast<std::size_t>(previous) != sequences()) {
    refuse("the document index ends at sequence " + std::to_string(previous) + ", but there are " +
           quantity(sequences(), "sequences: it is damaged"));
  }
}

void IndexedDataset::copy_tokens(std::size_t i, std::size_t offset, std::span<std::int32_t> ids) const {
  if (i >= sequences() || offset > size(i) || ids.size() > size(i) - offset) {
    throw std::out_of_range(prefix_ + ": tokens " + std::to_string(offset) + " to " +
                            std::to_string(offset + ids.size()) + " of sequence " + std::to_string(i) +
                            " do not exist");
  }
  visit(i, [&](auto tokens) {
    const auto wanted = tokens.subspan(offset, ids.size());
    std::transform(wanted.begin(), wanted.end(), ids.begin(),
                   [](auto token) { return static_cast<std::int32_t>(token); });
  });
}

}  // namespace gpt::dataset
