#include "apps/gpt-train/schedule_notes.hpp"

#include <algorithm>
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

// "--lr-decay-samples" of lr_decay_samples.
std::string flag_of(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return "--" + name;
}

bool shapes_decay_alone(const std::string& name) { return name == "min_lr" || name == "lr_decay_samples"; }

}  // namespace

std::map<std::string, std::string> schedule_notes(const KeptSchedule& schedule) {
  const optim::LearningRateSchedule& rate = schedule.rate;
  std::map<std::string, std::string> notes = {{"lr", io::json_number(rate.maximum)},
                                              {"min_lr", io::json_number(rate.minimum)},
                                              {"lr_warmup_samples", io::json_number(rate.warmup_samples)},
                                              {"lr_decay_samples", std::to_string(rate.decay_samples)},
                                              {"weight_decay", io::json_number(schedule.weight_decay)}};
  for (const auto& [name, style] : kStyles) {
    if (style == rate.style) notes["lr_decay_style"] = name;
  }
  return notes;
}

KeptSchedule schedule_of_or_throw(const std::string& folder, const checkpoint::TrainerState& state) {
  const Notes notes(folder, state);
  KeptSchedule schedule;
  optim::LearningRateSchedule& rate = schedule.rate;
  rate.maximum = notes.number_or_throw<double>("lr");
  rate.minimum = notes.number_or_throw<double>("min_lr");
  rate.warmup_samples = notes.number_or_throw<double>("lr_warmup_samples");
  rate.decay_samples = notes.number_or_throw<std::int64_t>("lr_decay_samples");
  schedule.weight_decay = notes.number_or_throw<double>("weight_decay");
  const std::string& wanted = notes.text_or_throw("lr_decay_style");
  for (const auto& [name, style] : kStyles) {
    if (wanted != name) continue;
    rate.style = style;
    return schedule;
  }
  notes.throw_missing("lr_decay_style");
}

void check_schedule_or_throw(const std::string& folder, const checkpoint::TrainerState& state,
                             const KeptSchedule& given) {
  const auto held_style = state.texts.find("lr_decay_style");
  const bool constant = given.rate.style == optim::DecayStyle::constant && held_style != state.texts.end() &&
                        held_style->second == "constant";
  std::string differences;
  for (const auto& [name, now] : schedule_notes(given)) {
    const auto then = state.texts.find(name);
    if (then == state.texts.end() || then->second == now || (constant && shapes_decay_alone(name))) continue;
    if (!differences.empty()) differences += ", ";
    differences += flag_of(name) + " " + then->second + " where the command line says " + now;
    if (name == "lr_decay_samples") differences += " (--train-iters, unless the decay's length is given)";
  }
  if (differences.empty()) return;
  throw io::DataError(folder, "was made with " + differences +
                                  ": pass --override-lr-scheduler to follow the command line's schedule, or "
                                  "--use-checkpoint-lr-scheduler to go on with the checkpoint's");
}

}  // namespace gpt::train_tool
