#pragma once

#include <string>
#include <utility>

namespace gpt::clean {

// A document on its way through the rules.
struct WorkingDocument {
  explicit WorkingDocument(std::string its_text = {}, std::string its_language = {})
      : text(std::move(its_text)), language(std::move(its_language)) {}

  std::string text;                  // valid UTF-8
  std::string language;              // as identified, "" while nothing asked for it
  double language_confidence = 0.0;  // of the identification, 0..1
};

}  // namespace gpt::clean
