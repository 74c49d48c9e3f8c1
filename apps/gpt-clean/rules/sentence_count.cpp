#include "apps/gpt-clean/rules/sentence_count.hpp"

#include <map>
#include <memory>

#include "libcommon/text/sentences.hpp"

namespace gpt::clean {
namespace {

// Splitters of the languages met so far.
class Splitters {
 public:
  text::SentenceSplitter& of(const std::string& language) {
    const std::string code = language.empty() || language == "und" ? "en"
                             : language == "no"                    ? "nb"
                                                                   : language;
    const auto found = splitters_.find(code);
    if (found != splitters_.end()) return found->second;
    return splitters_.emplace(code, text::SentenceSplitter(code)).first->second;
  }

 private:
  std::map<std::string, text::SentenceSplitter> splitters_;
};

}  // namespace

RuleKind sentence_count_kind() {
  return measure_kind(
      {.name = "sentence-count",
       .summary = "Drops documents with too few sentences",
       .source = "Raffel et al. 2020 (C4), section 2.2",
       .min = "3",
       .uses_language = true},
      [](const Settings&) -> Measure {
        return [splitters = std::make_shared<Splitters>()](WorkingDocument& document) {
          return static_cast<double>(splitters->of(document.language).split(document.text).size());
        };
      });
}

}  // namespace gpt::clean
