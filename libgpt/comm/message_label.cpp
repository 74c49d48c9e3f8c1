#include "libgpt/comm/message_label.hpp"

#include "libgpt/comm/current_step.hpp"

namespace gpt::comm {

std::string MessageLabel::text() const {
  std::string text = what;
  if (peer >= 0) text += " rank " + std::to_string(peer);
  if (count > 0) text += " of " + std::to_string(count) + " " + std::string(tensor::safetensors_name(type));
  text += " in group '" + *group + "', rank " + std::to_string(rank) + " of " + std::to_string(size);
  if (world_rank != rank) text += " (rank " + std::to_string(world_rank) + " of the world)";
  if (const auto step = current_step()) text += ", in step " + std::to_string(*step);
  return text;
}

}  // namespace gpt::comm
