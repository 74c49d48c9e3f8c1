#include "libcommon/text/icu_sentences.hpp"

#include <stdexcept>

#include <unicode/brkiter.h>
#include <unicode/utext.h>

namespace gpt::text {
namespace {

void throw_if_failed(UErrorCode status) {
  if (U_FAILURE(status)) {
    throw std::runtime_error(std::string("cannot find sentence boundaries: ICU says ") + u_errorName(status));
  }
}

struct CloseText {
  void operator()(UText* text) const { utext_close(text); }
};

}  // namespace

class IcuSentences::Body {
 public:
  explicit Body(const std::string& locale) {
    UErrorCode status = U_ZERO_ERROR;
    iterator_.reset(icu::BreakIterator::createSentenceInstance(icu::Locale(locale.c_str()), status));
    throw_if_failed(status);
  }

  std::vector<std::size_t> ends(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UText, CloseText> view(
        utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &status));
    throw_if_failed(status);
    iterator_->setText(view.get(), status);
    throw_if_failed(status);
    std::vector<std::size_t> found;
    while (iterator_->next() != icu::BreakIterator::DONE) {
      found.push_back(static_cast<std::size_t>(iterator_->current()));
    }
    return found;
  }

 private:
  std::unique_ptr<icu::BreakIterator> iterator_;
};

IcuSentences::IcuSentences(const std::string& locale) : body_(std::make_unique<Body>(locale)) {}
IcuSentences::~IcuSentences() = default;
IcuSentences::IcuSentences(IcuSentences&&) noexcept = default;

std::vector<std::size_t> IcuSentences::ends(std::string_view text) { return body_->ends(text); }

}  // namespace gpt::text
