#include "libgpt/checkpoint/gather_windows.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <vector>

namespace gpt::checkpoint {
namespace {

// Messages of one pair of ranks arrive in the order of the plan, which both follow; so one tag does.
constexpr int kTag = 4001;

// Elements [begin, end) of a tensor of a set.
struct Window {
  std::size_t tensor = 0;
  std::int64_t begin = 0, end = 0;
  std::size_t count() const { return static_cast<std::size_t>(end - begin); }
};

std::vector<Window> windows_of(const WritePlan& plan, const PlannedFile& file) {
  std::vector<Window> windows;
  for (std::size_t i = file.first; i < file.first + file.count; ++i) {
    const std::int64_t count = element_count(plan.tensors[i].shape);
    for (std::int64_t begin = 0; begin < count; begin += kWindowElements)
      windows.push_back({i, begin, std::min(begin + kWindowElements, count)});
  }
  return windows;
}

// What a rank gives of a window: elements [begin, end) of its part, which are within its piece.
struct Given {
  const Contribution* contribution = nullptr;
  std::int64_t begin = 0, end = 0;
  std::size_t count() const { return static_cast<std::size_t>(end - begin); }
};

std::vector<Given> given_in(const std::vector<Contribution>& contributions, const Window& window) {
  std::vector<Given> given;
  for (const auto& c : contributions) {
    const std::int64_t begin = std::max(c.first, model::count_before(c.part, window.begin));
    const std::int64_t end = std::min(c.first + c.count, model::count_before(c.part, window.end));
    if (begin < end) given.push_back({&c, begin, end});
  }
  return given;
}

void scatter(const Given& given, std::span<const float> values, const Window& window,
             std::span<float> target) {
  for (const auto& run : model::runs_of(given.contribution->part, given.begin, given.end)) {
    const auto from = values.subspan(static_cast<std::size_t>(run.local - given.begin),
                                     static_cast<std::size_t>(run.count));
    std::copy(from.begin(), from.end(), target.begin() + (run.global - window.begin));
  }
}

// One window of one file while it is under way; on ranks that neither give nor write of it, nothing.
class WindowInFlight {
 public:
  void start(comm::Communicator& world, const WritePlan& plan, const PlannedFile& file,
             const CheckpointContent& content, const Window& window) {
    window_ = window;
    parts_.clear();
    const auto given = given_in(plan.contributions[file.set][window.tensor], window);
    rooms_.clear();
    const auto own_values = [&](const Given& g) {
      const auto& piece = pieces_of(content, file.set)[g.contribution->piece];
      return piece.values.subspan(static_cast<std::size_t>(g.begin - piece.first), g.count())
          .on_host(rooms_.emplace_back());
    };
    if (file.writer == world.rank()) return start_writer(world, given, own_values);
    for (const auto& g : given) {
      if (g.contribution->rank == world.rank())
        requests_.push_back(world.start_send(own_values(g), file.writer, kTag));
    }
  }

  // Waits for all messages. On the writer: the whole window, valid until the next start.
  std::span<const float> complete() {
    for (auto& request : requests_) request.wait();
    requests_.clear();
    // All elements of the window are in one part: in order, as they are.
    if (parts_.size() == 1) return parts_.front().values;
    if (parts_.empty()) return {};
    assembled_.resize(window_.count());
    for (const auto& part : parts_) scatter(part.given, part.values, window_, assembled_);
    return assembled_;
  }

 private:
  struct Part {
    Given given;
    std::span<const float> values;
  };

  template <class OwnValues>
  void start_writer(comm::Communicator& world, const std::vector<Given>& given, const OwnValues& own_values) {
    std::size_t foreign = 0;
    for (const auto& g : given) foreign += g.contribution->rank == world.rank() ? 0 : g.count();
    received_.resize(foreign);
    auto room = std::span(received_);
    for (const auto& g : given) {
      if (g.contribution->rank == world.rank()) {
        parts_.push_back({g, own_values(g)});
        continue;
      }
      requests_.push_back(world.start_receive(room.first(g.count()), g.contribution->rank, kTag));
      parts_.push_back({g, room.first(g.count())});
      room = room.subspan(g.count());
    }
  }

  Window window_;
  std::vector<Part> parts_;               // on the writer
  std::deque<std::vector<float>> rooms_;  // what came from the device
  std::vector<float> received_;           // what others sent, one after the other
  std::vector<float> assembled_;          // in the tensor's order
  std::vector<comm::Request> requests_;
};

}  // namespace

void gather_windows(comm::Communicator& world, const WritePlan& plan, std::size_t first_file,
                    std::size_t files, const CheckpointContent& content,
                    const std::function<void(std::size_t, std::span<const float>)>& take) {
  std::vector<std::vector<Window>> windows;
  std::size_t steps = 0;
  for (std::size_t f = 0; f < files; ++f) {
    windows.push_back(windows_of(plan, plan.files[first_file + f]));
    steps = std::max(steps, windows.back().size());
  }
  std::array<std::vector<WindowInFlight>, 2> flights;
  for (auto& flight : flights) flight = std::vector<WindowInFlight>(files);
  const auto start = [&](std::size_t step) {
    for (std::size_t f = 0; f < files; ++f) {
      if (step < windows[f].size())
        flights[step % 2][f].start(world, plan, plan.files[first_file + f], content, windows[f][step]);
    }
  };
  start(0);
  for (std::size_t step = 0; step < steps; ++step) {
    start(step + 1);
    for (std::size_t f = 0; f < files; ++f) {
      if (step >= windows[f].size()) continue;
      const auto values = flights[step % 2][f].complete();
      if (plan.files[first_file + f].writer == world.rank()) take(first_file + f, values);
    }
  }
}

}  // namespace gpt::checkpoint
