#include "libcommon/text/normalize.hpp"

#include <algorithm>
#include <stdexcept>

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>

namespace gpt::text {
namespace {

void throw_if_failed(UErrorCode status, const char* action) {
  if (U_FAILURE(status)) throw std::runtime_error(std::string(action) + ": ICU says " + u_errorName(status));
}

const icu::Normalizer2& normalizer(NormalForm form) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* found = form == NormalForm::nfc ? icu::Normalizer2::getNFCInstance(status)
                                                          : icu::Normalizer2::getNFKCInstance(status);
  throw_if_failed(status, "cannot load the normalisation data");
  return *found;
}

// The first bytes of UTF-8 for everything from U+0300, where combining marks begin, are at least 0xCC; below
// that every code point is its own NFC form. For NFKC only ASCII is that plain.
bool is_plainly_normalized(std::string_view text, NormalForm form) {
  const unsigned char limit = form == NormalForm::nfc ? 0xCC : 0x80;
  return std::all_of(text.begin(), text.end(),
                     [limit](char c) { return static_cast<unsigned char>(c) < limit; });
}

}  // namespace

bool is_normalized(std::string_view text, NormalForm form) {
  if (is_plainly_normalized(text, form)) return true;
  UErrorCode status = U_ZERO_ERROR;
  const bool result = normalizer(form).isNormalizedUTF8(icu::StringPiece(text.data(), text.size()), status);
  throw_if_failed(status, "cannot check normalisation");
  return result;
}

std::string normalize(std::string_view text, NormalForm form) {
  if (is_normalized(text, form)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  icu::StringByteSink<std::string> sink(&out);
  UErrorCode status = U_ZERO_ERROR;
  normalizer(form).normalizeUTF8(0, icu::StringPiece(text.data(), text.size()), sink, nullptr, status);
  throw_if_failed(status, "cannot normalise");
  return out;
}

}  // namespace gpt::text
