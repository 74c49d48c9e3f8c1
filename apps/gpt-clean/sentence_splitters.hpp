#pragma once

#include <map>
#include <string>

#include "libcommon/text/sentences.hpp"

namespace gpt::clean {

// A sentence splitter for each language met, made when it is first needed. One object a thread.
class SentenceSplitters {
 public:
  // language: as identified; "und" and "" are split as ICU does.
  text::SentenceSplitter& of(const std::string& language);

 private:
  std::map<std::string, text::SentenceSplitter> splitters_;
};

}  // namespace gpt::clean
