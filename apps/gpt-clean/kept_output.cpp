#include "apps/gpt-clean/kept_output.hpp"

namespace gpt::clean {

KeptOutput::KeptOutput(const std::string& path, std::size_t parts, io::Existing existing) {
  files_.reserve(parts);
  const int world = static_cast<int>(parts);
  for (int rank = 0; rank < world; ++rank) {
    files_.emplace_back(world == 1 ? path : io::part_name(path, io::Shard{rank, world}), existing);
  }
}

void KeptOutput::write_or_throw(std::string_view bytes, const std::vector<std::size_t>& ends) {
  if (files_.size() == 1) {
    files_.front().write_or_throw(bytes);
    return;
  }
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    files_[next_].write_or_throw(bytes.substr(begin, end - begin));
    next_ = (next_ + 1) % files_.size();
    begin = end;
  }
}

void KeptOutput::commit_or_throw() {
  for (io::OutputFile& file : files_) file.commit_or_throw();
}

}  // namespace gpt::clean
