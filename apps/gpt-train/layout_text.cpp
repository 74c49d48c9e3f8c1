#include <cstdio>

#include "apps/gpt-train/layout_sheet.hpp"

namespace gpt::train_tool {
namespace {

using std::to_string;
using Ranks = std::vector<std::int64_t>;

// Beyond so many ranks a line stands for all that hold the same, and groups are shown by their first.
constexpr std::int64_t kMostLines = 32;
constexpr std::size_t kMostGroups = 32;
constexpr std::size_t kMostOfGroup = 16;

std::string bytes_text(double bytes) {
  const char* units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  for (; bytes >= 1024 && unit < 4; ++unit) bytes /= 1024;
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.2f %s", bytes, units[unit]);
  return text;
}

// [0,4,8,12]; of a large group its first two and its last.
std::string group_text(const Ranks& ranks) {
  std::string text = "[";
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    if (ranks.size() > kMostOfGroup && i == 2) {
      text += ",...";
      i = ranks.size() - 1;
    }
    text += (i == 0 ? "" : ",") + to_string(ranks[i]);
  }
  return text + "]";
}

std::string groups_text(const char* name, const std::vector<Ranks>& groups) {
  if (groups.empty()) return "";
  char front[64];
  std::snprintf(front, sizeof front, " %zu %s group%s of %zu:", groups.size(), name,
                groups.size() == 1 ? "" : "s", groups.front().size());
  std::string text = front;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups.size() > kMostGroups && i == 3) {
      text += " ...";
      i = groups.size() - 1;
    }
    text += " " + group_text(groups[i]);
  }
  return text + "\n";
}

std::string range_text(std::int64_t first, std::int64_t last) {
  return first == last ? to_string(first) : to_string(first) + "-" + to_string(last);
}

std::string layers_text(const RankShare& share) {
  std::string text;
  for (const auto& [first, last] : share.layers) text += (text.empty() ? "" : " ") + range_text(first, last);
  if (share.embedding) text = "embedding " + text;
  if (share.head) text += " head";
  return text;
}

using Row = std::vector<std::string>;

Row row_of(const std::string& ranks, const std::string& tensor, const std::string& data, std::int64_t stage,
           const RankShare& share) {
  return {ranks,
          tensor,
          data,
          to_string(stage),
          layers_text(share),
          to_string(share.parameters),
          bytes_text(share.weights),
          bytes_text(share.gradients),
          bytes_text(share.optimizer),
          bytes_text(share.activations),
          bytes_text(share.total())};
}

std::vector<Row> row_a_rank(const LayoutSheet& sheet) {
  std::vector<Row> rows;
  for (std::int64_t rank = 0; rank < sheet.layout.processes(); ++rank) {
    const cost::RankPlace place = cost::rank_place(sheet.layout, rank);
    const RankShare& share =
        sheet.shares[static_cast<std::size_t>(place.pipeline)][static_cast<std::size_t>(place.tensor)];
    rows.push_back(
        row_of(to_string(rank), to_string(place.tensor), to_string(place.data), place.pipeline, share));
  }
  return rows;
}

// A line for the neighbouring tensor places of a stage that hold the same.
std::vector<Row> row_a_share(const LayoutSheet& sheet) {
  std::vector<Row> rows;
  const std::int64_t stage_size = sheet.layout.tensor * sheet.layout.data;
  for (std::int64_t stage = 0; stage < sheet.layout.pipeline; ++stage) {
    const auto& shares = sheet.shares[static_cast<std::size_t>(stage)];
    for (std::size_t first = 0, next = 0; first < shares.size(); first = next) {
      while (next < shares.size() && shares[next] == shares[first]) ++next;
      rows.push_back(row_of(range_text(stage * stage_size, (stage + 1) * stage_size - 1),
                            range_text(static_cast<std::int64_t>(first), static_cast<std::int64_t>(next) - 1),
                            range_text(0, sheet.layout.data - 1), stage, shares[first]));
    }
  }
  return rows;
}

std::string table_text(std::vector<Row> rows) {
  rows.insert(rows.begin(), {"rank", "tensor", "data", "stage", "layers", "parameters", "weights",
                             "gradients", "optimizer", "activations", "together"});
  std::vector<std::size_t> widths(rows.front().size());
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  constexpr std::size_t kLayers = 4;
  std::string text;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string gap(widths[i] - row[i].size(), ' ');
      text += (i == 0 ? " " : "  ") + (i == kLayers ? row[i] + gap : gap + row[i]);
    }
    text += "\n";
  }
  return text;
}

std::string heading(const LayoutSheet& sheet) {
  const cost::Layout& layout = sheet.layout;
  const std::int64_t micro_batches = cost::micro_batches(sheet.batch, layout);
  std::string text = " layout: " + to_string(layout.processes()) +
                     (layout.processes() == 1 ? " rank" : " ranks") + " = tensor " +
                     to_string(layout.tensor) + " x data " + to_string(layout.data) + " x pipeline " +
                     to_string(layout.pipeline);
  if (layout.virtual_stages > 1) text += ", " + to_string(layout.virtual_stages) + " model chunks a stage";
  if (layout.sequence == cost::Sequence::parallel) text += ", sequence parallel";
  if (layout.optimizer == cost::OptimizerStates::sharded) text += ", distributed optimizer";
  text += "\n batch: " + to_string(sheet.batch.global_batch) + " samples of " +
          to_string(sheet.batch.sequence) + " tokens, " + to_string(micro_batches) + " micro batch" +
          (micro_batches == 1 ? "" : "es") + " of " + to_string(sheet.batch.micro_batch) + " a replica";
  if (layout.pipeline > 1) {
    char bubble[64];
    std::snprintf(bubble, sizeof bubble, "; pipeline bubble %.1f %%",
                  100 * cost::pipeline_bubble(layout.pipeline, micro_batches, layout.virtual_stages));
    text += bubble;
  }
  return text + "\n";
}

}  // namespace

std::string layout_text(const LayoutSheet& sheet) {
  const bool small = sheet.layout.processes() <= kMostLines;
  return heading(sheet) + groups_text("tensor", sheet.groups.tensor) +
         groups_text("data", sheet.groups.data) + groups_text("pipeline", sheet.groups.pipeline) +
         groups_text("embedding", sheet.embedding_groups) +
         " layers, parameters and predicted memory of each rank:\n" +
         table_text(small ? row_a_rank(sheet) : row_a_share(sheet));
}

}  // namespace gpt::train_tool
