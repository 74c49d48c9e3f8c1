#include <array>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

#include <doctest/doctest.h>
#include <simdjson.h>

#include "libgpt/comm/timed_communicator.hpp"
#include "libgpt/cost/layout.hpp"
#include "libgpt/schedule/executor.hpp"
#include "libgpt/schedule/stage_actions.hpp"
#include "libgpt/train/profile_report.hpp"
#include "libgpt/train/step_breakdown.hpp"
#include "tests/support/affine_stage.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/thread_communicator.hpp"

using namespace gpt::train;
using gpt::comm::CollectiveRecord;
using gpt::comm::Operation;

namespace {

Span work(SpanKind kind, std::int64_t start, std::int64_t end) {
  Span span;
  span.kind = kind;
  span.start = start;
  span.end = end;
  return span;
}

Span message(const char* group, Operation operation, std::int64_t start, std::int64_t end,
             std::int64_t blocked) {
  Span span = work(SpanKind::message, start, end);
  span.group = GroupName(group);
  span.operation = operation;
  span.blocked = blocked;
  span.bytes = 1000;
  return span;
}

std::int64_t time_of(const StepBreakdown& breakdown, SpanKind kind, const char* group = "",
                     Operation operation = Operation::all_reduce) {
  const TimeCategory category{kind, kind == SpanKind::message ? operation : Operation{}, GroupName(group)};
  const auto found = breakdown.categories.find(category);
  return found == breakdown.categories.end() ? -1 : found->second.nanoseconds;
}

// Records on the thread that reports, as a timed communicator would.
CollectiveRecord record(std::string_view group, Operation operation, StepProfile::Clock::time_point started,
                        StepProfile::Clock::time_point finished) {
  CollectiveRecord made;
  made.operation = operation;
  made.group = group;
  made.group_size = 2;
  made.bytes = 1 << 20;
  made.started = started;
  made.finished = finished;
  made.blocked = finished - started;
  return made;
}

}  // namespace

TEST_CASE("messages are taken out of the time of the span in which they block") {
  const std::vector<Span> spans{
      work(SpanKind::data, 0, 50), message("tensor", Operation::all_reduce, 120, 150, 30),
      work(SpanKind::forward, 100, 200), message("pipeline", Operation::receive, 150, 290, 90),
      work(SpanKind::wait, 200, 290), work(SpanKind::backward, 300, 600),
      // Started within backward (10 of its time), waited for after it (60).
      message("data", Operation::reduce_scatter, 500, 700, 70),
      message("world", Operation::all_reduce, 710, 730, 20), work(SpanKind::optimizer, 705, 800)};
  const StepBreakdown breakdown = break_down(1000, spans);
  CHECK(time_of(breakdown, SpanKind::data) == 50);
  CHECK(time_of(breakdown, SpanKind::forward) == 70);
  CHECK(time_of(breakdown, SpanKind::wait) == 90);
  CHECK(time_of(breakdown, SpanKind::message, "tensor") == 30);
  CHECK(time_of(breakdown, SpanKind::message, "pipeline", Operation::receive) == -1);
  CHECK(time_of(breakdown, SpanKind::message, "data", Operation::reduce_scatter) == 70);
  CHECK(time_of(breakdown, SpanKind::message, "world") == 20);
  CHECK(time_of(breakdown, SpanKind::optimizer) == 75);
  CHECK(time_of(breakdown, SpanKind::backward) == 230);
  CHECK(breakdown.useful == 400);
  std::int64_t sum = breakdown.other();
  for (const auto& [category, time] : breakdown.categories) sum += time.nanoseconds;
  CHECK(sum == 1000);
  CHECK(breakdown.categories.at({SpanKind::message, Operation::reduce_scatter, GroupName("data")}).hidden ==
        130);
  CHECK(breakdown.categories.at({SpanKind::message, Operation::all_reduce, GroupName("tensor")}).bytes ==
        1000);
}

TEST_CASE("a message on its way through several works takes from each by its share, and from no wait") {
  const std::vector<Span> spans{work(SpanKind::forward, 10, 110), work(SpanKind::wait, 110, 400),
                                work(SpanKind::backward, 400, 700),
                                message("pipeline", Operation::receive, 5, 705, 40)};
  const StepBreakdown breakdown = break_down(705, spans);
  CHECK(time_of(breakdown, SpanKind::forward) == 90);
  CHECK(time_of(breakdown, SpanKind::wait) == 290);
  CHECK(time_of(breakdown, SpanKind::backward) == 270);
  CHECK(time_of(breakdown, SpanKind::message, "pipeline", Operation::receive) == 40);
  CHECK(breakdown.other() == 15);
}

TEST_CASE("time outside of all spans is other; a message there is not") {
  const StepBreakdown breakdown =
      break_down(100, std::vector<Span>{message("data", Operation::all_reduce, 10, 30, 20)});
  CHECK(time_of(breakdown, SpanKind::message, "data") == 20);
  CHECK(breakdown.other() == 80);
}

TEST_CASE("the first step is left out of the means, and the breakdown adds up to the time of the steps") {
  StepProfile profile;
  for (const std::int64_t iteration : {5, 6, 7}) {
    const auto start = StepProfile::Clock::now();
    profile.begin_step(iteration, 0.1 * static_cast<double>(iteration));
    {
      const ProfileScope scope(&profile, SpanKind::data);
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    profile.completed(record("tensor", Operation::all_reduce, start, StepProfile::Clock::now()));
    profile.end_step();
  }
  const StepBreakdown& breakdown = profile.breakdown();
  CHECK(breakdown.steps == 2);
  CHECK(profile.first_iteration() == 6);
  CHECK(profile.last_iteration() == 7);
  CHECK(profile.mean_predicted_bubble() == doctest::Approx(0.65));
  CHECK(breakdown.total >= 4'000'000);
  std::int64_t sum = breakdown.other();
  for (const auto& [category, time] : breakdown.categories) sum += time.nanoseconds;
  CHECK(sum == breakdown.total);
  CHECK(profile.traced_steps() == 3);
}

TEST_CASE("a single step, one that was not ended, and no profile at all") {
  StepProfile profile;
  profile.begin_step(1, 0.5);
  profile.end_step();
  profile.begin_step(2, 0.7);
  CHECK(profile.breakdown().steps == 1);
  CHECK(profile.mean_predicted_bubble() == 0.5);
  CHECK(profile.first_iteration() == 1);
  CHECK(profile.last_iteration() == 1);
  const ProfileScope nothing(nullptr, SpanKind::data);
}

TEST_CASE("a trace keeps whole steps from the first and stops where it is full") {
  StepProfile profile(StepProfile::Clock::now(), 7);
  for (std::int64_t iteration = 1; iteration <= 5; ++iteration) {
    profile.begin_step(iteration, 0);
    { const ProfileScope scope(&profile, SpanKind::data); }
    { const ProfileScope scope(&profile, SpanKind::optimizer); }
    profile.end_step();
  }
  CHECK(profile.traced_steps() == 2);
  CHECK(profile.trace().size() == 6);
  CHECK(profile.breakdown().steps == 4);
}

namespace {

struct DrawnSpan {
  std::string name;
  double start = 0, end = 0;
};

// The spans of each row of a trace file, in its order; counts the messages drawn apart under "apart".
std::map<std::int64_t, std::vector<DrawnSpan>> rows_of(const std::string& path, std::size_t& apart) {
  std::map<std::int64_t, std::vector<DrawnSpan>> rows;
  simdjson::dom::parser parser;
  const simdjson::dom::element trace = parser.load(path);
  for (const auto event : simdjson::dom::array(trace["traceEvents"])) {
    const std::string_view phase = event["ph"];
    if (phase == "b") ++apart;
    if (phase != "X") continue;
    const double start = event["ts"], length = event["dur"];
    rows[std::int64_t(event["tid"])].push_back(
        {std::string(std::string_view(event["name"])), start, start + length});
  }
  return rows;
}

// Whether each span begins after the one before it, and lies within or behind every earlier one.
bool nest(const std::vector<DrawnSpan>& spans) {
  std::vector<double> open;
  double before = -1e300;
  for (const DrawnSpan& span : spans) {
    if (span.start < before) return false;
    before = span.start;
    constexpr double kRounding = 1e-4;  // microseconds as doubles
    while (!open.empty() && open.back() <= span.start + kRounding) open.pop_back();
    if (!open.empty() && span.end > open.back() + kRounding) return false;
    open.push_back(span.end);
  }
  return true;
}

// Steps of a pipeline with a tensor group's message in each, told to a profile.
void make_steps(gpt::comm::Communicator& pipeline, StepProfile& profile) {
  const gpt::schedule::PipelineShape shape{pipeline.size(), 4, 1};
  gpt::schedule::Executor<double> executor(pipeline, 1);
  for (std::int64_t iteration = 1; iteration <= 3; ++iteration) {
    profile.begin_step(iteration, gpt::cost::pipeline_bubble(pipeline.size(), 4));
    gpt::test::AffineStage stage(shape, pipeline.rank(), 10);
    executor.run(gpt::schedule::training_actions(shape, pipeline.rank()), stage, &profile);
    const auto start = StepProfile::Clock::now();
    {
      const ProfileScope scope(&profile, SpanKind::optimizer);
      const auto called = StepProfile::Clock::now();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      profile.completed(record("world", Operation::all_reduce, called, StepProfile::Clock::now()));
    }
    CollectiveRecord overlapped = record("data", Operation::reduce_scatter, start, StepProfile::Clock::now());
    overlapped.blocked = {};
    profile.completed(overlapped);
    profile.end_step();
  }
}

}  // namespace

TEST_CASE("the profiles of all ranks become one table and one trace with a row for each rank") {
  const gpt::test::ScratchFolder folder;
  const std::string path = folder.path() + "/trace.json";
  std::string text;
  gpt::test::run_ranks(3, [&](gpt::comm::Communicator& world) {
    gpt::comm::ParallelGroups groups;
    groups.layout.pipeline = 3;
    groups.place = gpt::cost::rank_place(groups.layout, world.rank());
    groups.world = groups.pipeline = &world;
    StepProfile profile(common_origin(world));
    make_steps(world, profile);
    std::optional<TraceFile> trace;
    if (world.rank() == 0) trace.emplace(path, gpt::io::Existing::refuse);
    const std::string told = report_profile_or_throw(profile, groups, trace ? &*trace : nullptr);
    CHECK(told.empty() == (world.rank() != 0));
    if (world.rank() == 0) text = told;
  });

  CHECK(text.find("profile of steps 2 to 3") == 0);
  CHECK(text.find("stage 0           stage 1           stage 2") != std::string::npos);
  for (const char* line : {"\n  forward ", "\n  backward ", "\n  bubble ", "\n  optimizer ",
                           "\n  world all-reduce ", "\n  data reduce-scatter ", "\n  other ", "\n  step "}) {
    CAPTURE(line);
    CHECK(text.find(line) != std::string::npos);
  }
  CHECK(text.find("predicted (p - 1)/m 50.0 %") != std::string::npos);

  std::size_t apart = 0;
  const auto rows = rows_of(path, apart);
  CHECK(rows.size() == 3);
  CHECK(apart == 3 * 3);
  for (const auto& [rank, spans] : rows) {
    CHECK(nest(spans));
    std::map<std::string, int> counts;
    for (const DrawnSpan& span : spans) ++counts[span.name];
    CHECK(counts["step"] == 3);
    CHECK(counts["forward"] == 12);
    CHECK(counts["backward"] == 12);
    CHECK(counts["world all-reduce"] == 3);
    CHECK(counts["bubble"] >= 3);
  }
}

TEST_CASE("a message that reaches from one work into another is drawn apart, however long it blocked") {
  const gpt::test::ScratchFolder folder;
  const std::string path = folder.file("trace.json");
  TraceFile trace(path, gpt::io::Existing::refuse);
  const std::vector<Span> spans{message("tensor", Operation::all_reduce, 20, 80, 60),
                                work(SpanKind::forward, 10, 100),
                                message("pipeline", Operation::receive, 105, 140, 35),
                                message("pipeline", Operation::send, 145, 155, 10),
                                message("pipeline", Operation::send, 152, 158, 6),
                                work(SpanKind::backward, 110, 200),
                                work(SpanKind::step, 0, 300)};
  trace.add_rank_or_throw(0, {}, spans);
  trace.commit_or_throw();
  std::size_t apart = 0;
  const auto rows = rows_of(path, apart);
  CHECK(apart == 2);
  std::vector<std::string> names;
  for (const DrawnSpan& span : rows.at(0)) names.push_back(span.name);
  CHECK(names ==
        std::vector<std::string>{"step", "forward", "tensor all-reduce", "backward", "pipeline send"});
  CHECK(nest(rows.at(0)));
}

TEST_CASE("without a path there is a table and no trace") {
  gpt::test::run_ranks(1, [&](gpt::comm::Communicator& world) {
    gpt::comm::ParallelGroups groups;
    groups.world = groups.pipeline = &world;
    StepProfile profile;
    make_steps(world, profile);
    const std::string text = report_profile_or_throw(profile, groups, nullptr);
    CHECK(text.find("forward") != std::string::npos);
    CHECK(text.find("predicted") == std::string::npos);
    CHECK(report_profile_or_throw(StepProfile(), groups, nullptr).empty());
  });
}

TEST_CASE("timed messages of a pipeline are its waits, or time of their own, but never both") {
  gpt::test::ThreadGroup group(2, "pipeline");
  std::array<StepProfile, 2> profiles;
  std::array<double, 2> seconds{};
  const gpt::schedule::PipelineShape shape{2, 6, 2};
  const auto body = [&](int rank) {
    const auto at = static_cast<std::size_t>(rank);
    gpt::comm::TimedCommunicator pipeline(group.rank(rank), profiles[at]);
    gpt::schedule::Executor<double> executor(pipeline, shape.chunks);
    const auto start = StepProfile::Clock::now();
    profiles[at].begin_step(1, 0);
    gpt::test::AffineStage stage(shape, rank, 2000);
    executor.run(gpt::schedule::training_actions(shape, rank), stage, &profiles[at]);
    profiles[at].end_step();
    seconds[at] = std::chrono::duration<double>(StepProfile::Clock::now() - start).count();
  };
  std::thread first(body, 0), second(body, 1);
  first.join();
  second.join();
  for (const std::size_t rank : {0U, 1U}) {
    const StepBreakdown& breakdown = profiles[rank].breakdown();
    std::int64_t sum = breakdown.other();
    for (const auto& [category, time] : breakdown.categories) {
      CHECK(time.nanoseconds >= 0);
      sum += time.nanoseconds;
    }
    CHECK(sum == breakdown.total);
    CHECK(breakdown.other() >= 0);
    CHECK(static_cast<double>(breakdown.total) <= 1e9 * seconds[rank]);
    CHECK(breakdown.categories.contains({SpanKind::message, Operation::send, GroupName("pipeline")}));
    CHECK(!breakdown.categories.contains({SpanKind::message, Operation::barrier, GroupName("pipeline")}));
  }
}
