#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gpt::text {

// Sentence boundaries as ICU's BreakIterator finds them for a locale.
class IcuSentences {
 public:
  explicit IcuSentences(const std::string& locale);
  ~IcuSentences();
  IcuSentences(IcuSentences&&) noexcept;

  // Byte offsets at which a sentence ends, ascending, the last one the size of the text.
  std::vector<std::size_t> ends(std::string_view text);

 private:
  class Body;
  std::unique_ptr<Body> body_;
};

}  // namespace gpt::text
