#include "libcommon/text/normalize.hpp"

#include <algorithm>
#include <stdexcept>

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>

#include "libcommon/text/plain_latin.hpp"

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

// For NFKC only ASCII is that plain.
bool is_plainly_normalized(std::string_view text, NormalForm form) {
  if (form == NormalForm::nfc) return is_plain_latin(text);
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
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
