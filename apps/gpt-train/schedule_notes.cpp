#include "apps/gpt-train/schedule_notes.hpp"

#include <charconv>
#include <utility>

#include "libcommon/io/errors.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::train_tool {
namespace {

constexpr std::pair<const char*, optim::DecayStyle> kStyles[] = {{"constant", optim::DecayStyle::constant},
                                                                 {"linear", optim::DecayStyle::linear},
                                                                 {"cosine", optim::DecayStyle::cosine}};

// Reads the notes of one folder.
class Notes {
 public:
  Notes(const std::string& folder, const checkpoint::TrainerState& state) : folder_(folder), state_(state) {}

  const std::string& text_or_throw(const char* name) const {
    const auto found = state_.texts.find(name);
    if (found == state_.texts.end()) throw_missing(name);
    return found->second;
  }
  template <class Number>
  Number number_or_throw(const char* name) const {
    const std::string& text = text_or_throw(name);
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) throw_missing(name);
    return value;
  }
  [[noreturn]] void throw_missing(const char* name) const {
    throw io::DataError(folder_, std::string("its trainer_state.json has no ") + name +
                                     ": leave --use-checkpoint-lr-scheduler out, so that the command line's "
                                     "schedule counts");
  }

 private:
  const std::string& folder_;
  const checkpoint::TrainerState& state_;
};

}  // namespace

std::map<std::string, std::string> schedule_notes(const optim::LearningRateSchedule& schedule) {
  std::map<std::string, std::string> notes = {{"lr", io::json_number(schedule.maximum)},
                                              {"min_lr", io::json_number(schedule.minimum)},
                                              {"lr_warmup_samples", io::json_number(schedule.warmup_samples)},
                                              {"lr_decay_samples", std::to_string(schedule.decay_samples)}};
  for (const auto& [name, style] : kStyles) {
    if (style == schedule.style) notes["lr_decay_style"] = name;
  }
  return notes;
}

optim::LearningRateSchedule schedule_of_or_throw(const std::string& folder,
                                                 const checkpoint::TrainerState& state) {
  const Notes notes(folder, state);
  optim::LearningRateSchedule schedule;
  schedule.maximum = notes.number_or_throw<double>("lr");
  schedule.minimum = notes.number_or_throw<double>("min_lr");
  schedule.warmup_samples = notes.number_or_throw<double>("lr_warmup_samples");
  schedule.decay_samples = notes.number_or_throw<std::int64_t>("lr_decay_samples");
  const std::string& wanted = notes.text_or_throw("lr_decay_style");
  for (const auto& [name, style] : kStyles) {
    if (wanted != name) continue;
    schedule.style = style;
    return schedule;
  }
  notes.throw_missing("lr_decay_style");
}

}  // namespace gpt::train_tool
