#include "libgpt/train/span.hpp"

#include <algorithm>

namespace gpt::train {

std::string_view name_of(SpanKind kind) {
  switch (kind) {
    case SpanKind::step:
      return "step";
    case SpanKind::data:
      return "data";
    case SpanKind::forward:
      return "forward";
    case SpanKind::backward:
      return "backward";
    case SpanKind::wait:
      return "bubble";
    case SpanKind::optimizer:
      return "optimizer";
    case SpanKind::message:
      return "message";
    case SpanKind::evaluation:
      return "evaluation";
    case SpanKind::save:
      return "save";
  }
  return "other";
}

GroupName::GroupName(std::string_view name) {
  std::copy_n(name.data(), std::min(name.size(), characters_.size() - 1), characters_.data());
}

std::string Span::name() const {
  if (kind != SpanKind::message) return std::string(name_of(kind));
  return std::string(group.text()) + " " + std::string(comm::name_of(operation));
}

}  // namespace gpt::train
