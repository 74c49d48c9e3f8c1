#include "apps/gpt-clean/sentence_splitters.hpp"

#include "apps/gpt-clean/rules/language.hpp"

namespace gpt::clean {

text::SentenceSplitter& SentenceSplitters::of(const std::string& language) {
  const std::string code = code_of_rules(language);
  const auto found = splitters_.find(code);
  if (found != splitters_.end()) return found->second;
  return splitters_.emplace(code, text::SentenceSplitter(code)).first->second;
}

}  // namespace gpt::clean
