#include "apps/gpt-dedup/catalogue.hpp"

#include <algorithm>
#include <stdexcept>

namespace gpt::dedup {

DocumentId Catalogue::add(Place place) {
  if (lines_.size() >= 0xFFFFFFFE)
    throw std::length_error("more than 4,294,967,294 documents: deduplicate the inputs in parts");
  const auto id = static_cast<DocumentId>(lines_.size());
  while (file_begins_.size() <= place.file) file_begins_.push_back(id);
  lines_.push_back(place.line);
  offsets_.push_back(place.offset);
  return id;
}

Place Catalogue::place(DocumentId document) const {
  const auto after = std::upper_bound(file_begins_.begin(), file_begins_.end(), document);
  return {static_cast<std::size_t>(after - file_begins_.begin()) - 1, lines_[document], offsets_[document]};
}

std::pair<DocumentId, DocumentId> Catalogue::within(std::size_t file, std::uint64_t first,
                                                    std::uint64_t count) const {
  const auto file_begin = file < file_begins_.size() ? file_begins_[file] : lines_.size();
  const auto file_end = file + 1 < file_begins_.size() ? file_begins_[file + 1] : lines_.size();
  const auto begin = lines_.begin() + static_cast<std::ptrdiff_t>(file_begin);
  const auto end = lines_.begin() + static_cast<std::ptrdiff_t>(file_end);
  const auto low = std::lower_bound(begin, end, first);
  const auto high = std::lower_bound(low, end, first + count);
  return {static_cast<DocumentId>(low - lines_.begin()), static_cast<DocumentId>(high - lines_.begin())};
}

}  // namespace gpt::dedup
