#include "libgpt/train/profile_text.hpp"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <set>
#include <vector>

namespace gpt::train {
namespace {

constexpr std::size_t kStagesAbreast = 6;  // 120 characters
constexpr double kNanosecondsAMillisecond = 1e6;
constexpr double kMebibyte = 1024.0 * 1024.0;

template <class... Values>
std::string formatted(const char* format, Values... values) {
  char text[160];
  std::snprintf(text, sizeof(text), format, values...);
  return text;
}

std::string name_of(const TimeCategory& category) {
  Span span;
  span.kind = category.kind;
  span.operation = category.operation;
  span.group = category.group;
  return span.name();
}

// The mean step of the ranks of one stage, in milliseconds.
struct StageColumn {
  std::int64_t stage = 0;
  double step = 0, useful = 0, other = 0;
  std::map<TimeCategory, double> categories;

  double wait() const {
    const auto found = categories.find({SpanKind::wait, {}, {}});
    return found == categories.end() ? 0 : found->second;
  }
};

StageColumn column_of(std::int64_t stage, std::span<const RankProfile> ranks) {
  StepBreakdown sum;
  for (const RankProfile& rank : ranks)
    if (rank.place.pipeline == stage) sum.add(rank.breakdown);
  const double share =
      1 / (kNanosecondsAMillisecond * static_cast<double>(std::max<std::int64_t>(sum.steps, 1)));
  StageColumn column;
  column.stage = stage;
  column.step = static_cast<double>(sum.total) * share;
  column.useful = static_cast<double>(sum.useful) * share;
  column.other = static_cast<double>(sum.other()) * share;
  for (const auto& [category, time] : sum.categories)
    column.categories[category] = static_cast<double>(time.nanoseconds) * share;
  return column;
}

std::string row(const std::string& name, std::span<const StageColumn> columns,
                const std::function<double(const StageColumn&)>& value) {
  std::string line = formatted("  %-24s", name.c_str());
  for (const StageColumn& column : columns) {
    const double part = value(column);
    line += formatted("%10.2f%6.1f %%", part, column.step > 0 ? 100 * part / column.step : 0.0);
  }
  return line + "\n";
}

std::string table(std::span<const StageColumn> columns, const std::set<TimeCategory>& categories) {
  std::string text = formatted("  %-24s", "ms a step");
  for (const StageColumn& column : columns)
    text += formatted("%18s", ("stage " + std::to_string(column.stage)).c_str());
  text += "\n";
  for (const TimeCategory& category : categories) {
    text += row(name_of(category), columns, [&](const StageColumn& column) {
      const auto found = column.categories.find(category);
      return found == column.categories.end() ? 0.0 : found->second;
    });
  }
  text += row("other", columns, [](const StageColumn& column) { return column.other; });
  return text + row("step", columns, [](const StageColumn& column) { return column.step; });
}

// Means over the ranks that take part.
std::string messages_table(std::span<const RankProfile> ranks) {
  std::map<TimeCategory, CategoryTime> sums;
  std::map<TimeCategory, std::int64_t> steps;
  for (const RankProfile& rank : ranks) {
    for (const auto& [category, time] : rank.breakdown.categories) {
      if (category.kind != SpanKind::message) continue;
      CategoryTime& sum = sums[category];
      sum.nanoseconds += time.nanoseconds;
      sum.hidden += time.hidden;
      sum.bytes += time.bytes;
      sum.count += time.count;
      steps[category] += rank.breakdown.steps;
    }
  }
  if (sums.empty()) return "";
  std::string text = formatted("  %-24s%10s%12s%12s%12s\n", "messages a step and rank", "count", "MiB",
                               "waited ms", "hidden ms");
  for (const auto& [category, sum] : sums) {
    const auto n = static_cast<double>(steps[category]);
    text += formatted("  %-24s%10.1f%12.2f%12.2f%12.2f\n", name_of(category).c_str(),
                      static_cast<double>(sum.count) / n, static_cast<double>(sum.bytes) / kMebibyte / n,
                      static_cast<double>(sum.nanoseconds) / kNanosecondsAMillisecond / n,
                      static_cast<double>(sum.hidden) / kNanosecondsAMillisecond / n);
  }
  return text;
}

std::string bubble_text(const ProfiledRun& run, std::span<const StageColumn> columns) {
  if (columns.size() < 2) return "";
  double wait = 0, useful = 0;
  std::string stages;
  for (const StageColumn& column : columns) {
    wait += column.wait();
    useful += column.useful;
    stages += formatted(" %.1f", column.useful > 0 ? 100 * column.wait() / column.useful : 0.0);
  }
  return formatted("  bubble, of forward and backward: measured %.1f %%, predicted %s %.1f %%; by stage:",
                   useful > 0 ? 100 * wait / useful : 0.0,
                   run.layout.virtual_stages > 1 ? "(p - 1)/(v m)" : "(p - 1)/m",
                   100 * run.predicted_bubble) +
         stages + "\n";
}

}  // namespace

std::string profile_text(const ProfiledRun& run, std::span<const RankProfile> ranks) {
  std::vector<StageColumn> columns;
  for (std::int64_t stage = 0; stage < run.layout.pipeline; ++stage)
    columns.push_back(column_of(stage, ranks));
  std::set<TimeCategory> categories;
  for (const StageColumn& column : columns)
    for (const auto& [category, time] : column.categories) categories.insert(category);

  std::string text = "profile of steps " + std::to_string(run.first_iteration) + " to " +
                     std::to_string(run.last_iteration) + "\n";
  const std::span<const StageColumn> all(columns);
  for (std::size_t first = 0; first < all.size(); first += kStagesAbreast)
    text += table(all.subspan(first, std::min(kStagesAbreast, all.size() - first)), categories);
  return text + messages_table(ranks) + bubble_text(run, all);
}

}  // namespace gpt::train
