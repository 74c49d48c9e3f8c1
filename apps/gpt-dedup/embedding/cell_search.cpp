#include "apps/gpt-dedup/embedding/cell_search.hpp"

#include <algorithm>
#include <utility>

#include "apps/gpt-dedup/embedding/dot_products.hpp"

namespace gpt::dedup {

Cells::Cells(std::size_t cells, std::size_t width, std::vector<std::uint32_t> nearest)
    : cells_(cells),
      width_(width),
      nearest_(std::move(nearest)),
      members_(lists_of(0, 1)),
      visitors_(lists_of(1, width)) {}

Cells::Lists Cells::lists_of(std::size_t first, std::size_t last) const {
  const auto each = [&](auto&& call) {
    for (std::size_t row = 0; row * width_ < nearest_.size(); ++row)
      for (std::size_t place = first; place < last; ++place)
        if (const std::uint32_t cell = nearest_[row * width_ + place]; cell < cells_)
          call(cell, static_cast<std::uint32_t>(row));
  };
  Lists lists;
  lists.begins.resize(cells_ + 1);
  each([&](std::uint32_t cell, std::uint32_t) { ++lists.begins[cell + 1]; });
  for (std::size_t cell = 0; cell < cells_; ++cell) lists.begins[cell + 1] += lists.begins[cell];
  lists.rows.resize(lists.begins.back());
  std::vector<std::size_t> ends(lists.begins.begin(), lists.begins.end() - 1);
  each([&](std::uint32_t cell, std::uint32_t row) { lists.rows[ends[cell]++] = row; });
  return lists;
}

bool Cells::is_near(std::uint32_t row, std::uint32_t cell) const {
  const auto begin = nearest_.begin() + static_cast<std::ptrdiff_t>(row * width_);
  const auto end = begin + static_cast<std::ptrdiff_t>(width_);
  return std::find(begin, end, cell) != end;
}

std::uint64_t Cells::comparisons() const {
  std::uint64_t count = 0;
  for (std::size_t cell = 0; cell < cells_; ++cell) {
    const std::uint64_t inside = members(cell).size();
    if (inside > 0) count += inside * (inside - 1) / 2 + inside * visitors(cell).size();
  }
  return count;
}

CellSearch::CellSearch(const VectorTable& table, const Cells& cells, double least, PairsWanted wanted)
    : table_(table), cells_(cells), found_(table.size(), least, wanted) {}

void CellSearch::gather(std::span<const std::uint32_t> rows, std::size_t multiple,
                        std::vector<float>& out) const {
  const std::size_t stride = table_.stride();
  out.resize((rows.size() + multiple - 1) / multiple * multiple * stride);
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::copy_n(table_.data() + rows[i] * stride, stride,
                out.begin() + static_cast<std::ptrdiff_t>(i * stride));
}

void CellSearch::enter(std::uint32_t row, std::uint32_t member, float cosine, std::uint32_t cell) {
  const std::uint32_t home = cells_.home(row);
  // Members of one cell meet twice, and so do rows that visit each other's cells.
  const bool met_elsewhere = home == cell ? row <= member : home < cell && cells_.is_near(member, home);
  if (!met_elsewhere) found_.add_if_like(std::min(row, member), std::max(row, member), cosine);
}

void CellSearch::compare(std::span<const std::uint32_t> left, std::span<const std::uint32_t> members,
                         std::uint32_t cell) {
  gather(left, kLeftRows, left_);
  float products[kLeftRows * kRightRows];
  for (std::size_t first = 0; first < members.size(); first += kRightRows) {
    dot_products(left_.data(), member_rows_.data() + first * table_.stride(), table_.stride(), products);
    for (std::size_t k = 0; k < kLeftRows * kRightRows; ++k) {
      const std::size_t l = k / kRightRows;
      const std::size_t r = first + k % kRightRows;
      if (l < left.size() && r < members.size() && found_.is_like(products[k]))
        enter(left[l], members[r], products[k], cell);
    }
  }
}

std::vector<CosinePair> CellSearch::pairs_of_cell(std::size_t cell) {
  const std::span members = cells_.members(cell);
  const std::span visitors = cells_.visitors(cell);
  const auto number = static_cast<std::uint32_t>(cell);
  gather(members, kRightRows, member_rows_);
  for (std::size_t at = 0; at < members.size(); at += kLeftRows) {
    const std::size_t end = std::min(at + kLeftRows, members.size());
    compare(members.subspan(at, end - at), members.first(end), number);
  }
  if (members.empty()) return {};
  for (std::size_t at = 0; at < visitors.size(); at += kLeftRows)
    compare(visitors.subspan(at, std::min(kLeftRows, visitors.size() - at)), members, number);
  return found_.take();
}

}  // namespace gpt::dedup
