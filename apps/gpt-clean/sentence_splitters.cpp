#include "apps/gpt-clean/sentence_splitters.hpp"

namespace gpt::clean {

text::SentenceSplitter& SentenceSplitters::of(const std::string& language) {
  // What is identified as Norwegian without saying which is split by the rules of the commoner form.
  const std::string code = language == "no" ? "nb" : language == "und" ? "" : language;
  const auto found = splitters_.find(code);
  if (found != splitters_.end()) return found->second;
  return splitters_.emplace(code, text::SentenceSplitter(code)).first->second;
}

}  // namespace gpt::clean
