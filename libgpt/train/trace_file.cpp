#include "libgpt/train/trace_file.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

#include "libcommon/io/json_text.hpp"

namespace gpt::train {
namespace {

// What the format counts in, with the nanoseconds behind the point.
std::string microseconds(std::int64_t nanoseconds) {
  char text[40];
  std::snprintf(text, sizeof(text), "%s%lld.%03lld", nanoseconds < 0 ? "-" : "",
                static_cast<long long>(std::abs(nanoseconds) / 1000),
                static_cast<long long>(std::abs(nanoseconds) % 1000));
  return text;
}

// "ph":"X" and so on, up to the row.
std::string event_head(char phase, const std::string& name, std::int64_t stage, std::int64_t rank) {
  return std::string("{\"ph\":\"") + phase + "\",\"name\":" + io::json_string(name) +
         ",\"pid\":" + std::to_string(stage) + ",\"tid\":" + std::to_string(rank);
}

std::string naming_event(const std::string& what, std::int64_t stage, std::int64_t rank,
                         const std::string& name) {
  return event_head('M', what, stage, rank) + ",\"args\":{\"name\":" + io::json_string(name) + "}}";
}

std::string arguments(const Span& span) {
  switch (span.kind) {
    case SpanKind::step:
      return "{\"iteration\":" + std::to_string(span.number) + "}";
    case SpanKind::forward:
    case SpanKind::backward:
    case SpanKind::wait:
      return "{\"micro batch\":" + std::to_string(span.number) + ",\"chunk\":" + std::to_string(span.chunk) +
             "}";
    case SpanKind::message:
      return "{\"bytes\":" + std::to_string(span.bytes) + ",\"blocked us\":" + microseconds(span.blocked) +
             "}";
    default:
      return "{}";
  }
}

// Sorted so that what contains another comes before it.
std::vector<Span> by_start(std::span<const Span> spans) {
  std::vector<Span> sorted(spans.begin(), spans.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const Span& a, const Span& b) {
    return a.start != b.start ? a.start < b.start : a.end > b.end;
  });
  return sorted;
}

// Draws the spans of a rank: those that nest on its row, the others apart.
class RankEvents {
 public:
  RankEvents(std::int64_t rank, std::int64_t stage) : rank_(rank), stage_(stage) {}

  std::vector<std::string> events_of(std::span<const Span> spans) {
    for (const Span& span : spans) {
      if (span.kind == SpanKind::message) continue;
      boundaries_.push_back(span.start);
      boundaries_.push_back(span.end);
    }
    std::sort(boundaries_.begin(), boundaries_.end());
    for (const Span& span : by_start(spans)) {
      while (!open_.empty() && open_.back() <= span.start) open_.pop_back();
      const bool nests = open_.empty() || span.end <= open_.back();
      if (span.kind != SpanKind::message || (nests && blocks(span))) {
        open_.push_back(span.end);
        events_.push_back(event_head('X', span.name(), stage_, rank_) +
                          ",\"ts\":" + microseconds(span.start) + ",\"dur\":" + microseconds(span.length()) +
                          ",\"args\":" + arguments(span) + "}");
      } else {
        add_apart(span);
      }
    }
    return std::move(events_);
  }

 private:
  // Nearly all of its time, and within one work or between two: it was waited for where it was started.
  bool blocks(const Span& message) const {
    const auto boundary = std::upper_bound(boundaries_.begin(), boundaries_.end(), message.start);
    const bool within_one = boundary == boundaries_.end() || *boundary >= message.end;
    return within_one && 10 * message.blocked >= 9 * message.length();
  }

  void add_apart(const Span& span) {
    const std::string id =
        ",\"cat\":\"message\",\"id\":\"" + std::to_string(rank_) + "." + std::to_string(++apart_) + "\"";
    events_.push_back(event_head('b', span.name(), stage_, rank_) + id +
                      ",\"ts\":" + microseconds(span.start) + ",\"args\":" + arguments(span) + "}");
    events_.push_back(event_head('e', span.name(), stage_, rank_) + id + ",\"ts\":" + microseconds(span.end) +
                      "}");
  }

  std::int64_t rank_, stage_;
  std::int64_t apart_ = 0;
  std::vector<std::int64_t> boundaries_;  // of all that is no message
  std::vector<std::int64_t> open_;        // ends of the spans on the row that contain the next
  std::vector<std::string> events_;
};

}  // namespace

TraceFile::TraceFile(const std::string& path, io::Existing existing) : file_(path, existing) {
  file_.write_or_throw("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[");
}

void TraceFile::write_event_or_throw(const std::string& event) {
  file_.write_or_throw((empty_ ? "\n" : ",\n") + event);
  empty_ = false;
}

void TraceFile::add_rank_or_throw(std::int64_t rank, const cost::RankPlace& place,
                                  std::span<const Span> spans) {
  const std::string name = "rank " + std::to_string(rank) + " (tensor " + std::to_string(place.tensor) +
                           ", data " + std::to_string(place.data) + ")";
  write_event_or_throw(
      naming_event("process_name", place.pipeline, rank, "stage " + std::to_string(place.pipeline)));
  write_event_or_throw(naming_event("thread_name", place.pipeline, rank, name));
  for (const std::string& event : RankEvents(rank, place.pipeline).events_of(spans))
    write_event_or_throw(event);
}

void TraceFile::commit_or_throw() {
  file_.write_or_throw("\n]}\n");
  file_.commit_or_throw();
}

}  // namespace gpt::train
