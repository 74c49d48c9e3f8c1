#include "apps/gpt-crawl/extract/encoding.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <unicode/ustring.h>

#include "apps/gpt-crawl/extract/html_space.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::crawl {
namespace {

// Browsers look at 1024 bytes; pages with long comments in front declare it later.
constexpr std::size_t kMetaBytes = 8192;
// Detection on more costs time and does not decide otherwise.
constexpr std::size_t kDetectionBytes = 65536;
// ICU's confidence (of 100) below which windows-1252, the commonest by far, is the better guess.
constexpr int kLeastConfidence = 20;
// A page said to be UTF-8 may have some broken bytes; with more than this share of them it is something else.
constexpr double kBrokenShare = 0.02;

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// Labels that mean another encoding on the web than their name says, or that ICU knows by another name.
std::string web_encoding(const std::string& label) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 22> kMeanings = {{
      {"ascii", "windows-1252"},
      {"us-ascii", "windows-1252"},
      {"ansi_x3.4-1968", "windows-1252"},
      {"iso-8859-1", "windows-1252"},
      {"iso8859-1", "windows-1252"},
      {"iso_8859-1", "windows-1252"},
      {"latin1", "windows-1252"},
      {"l1", "windows-1252"},
      {"iso-8859-9", "windows-1254"},
      {"latin5", "windows-1254"},
      {"iso-8859-11", "windows-874"},
      {"tis-620", "windows-874"},
      {"gb2312", "gb18030"},
      {"gbk", "gb18030"},
      {"x-gbk", "gb18030"},
      {"ks_c_5601-1987", "windows-949"},
      {"euc-kr", "windows-949"},
      {"shift_jis", "windows-31j"},
      {"x-sjis", "windows-31j"},
      {"big5", "big5-hkscs"},
      {"utf8", "utf-8"},
      {"unicode-1-1-utf-8", "utf-8"},
  }};
  for (const auto& [from, to] : kMeanings) {
    if (label == from) return std::string(to);
  }
  return label;
}

bool is_single_byte(const std::string& encoding) {
  return encoding.starts_with("windows-125") || encoding.starts_with("iso-8859-") ||
         encoding == "macintosh" || encoding.starts_with("koi8");
}

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
struct CloseDetector {
  void operator()(UCharsetDetector* detector) const { ucsdet_close(detector); }
};

// Empty when ICU has no such encoding, or it is not one a page may declare.
std::optional<std::string> converted(std::string_view bytes, const std::string& encoding) {
  if (encoding.empty() || encoding == "utf-7") return std::nullopt;
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, CloseConverter> converter(ucnv_open(encoding.c_str(), &error));
  if (U_FAILURE(error)) return std::nullopt;
  std::string out;
  std::vector<UChar> wide(16384);
  std::vector<char> narrow(3 * wide.size());
  const char* source = bytes.data();
  const char* const source_end = source + bytes.size();
  char16_t held = 0;  // a lead surrogate at the end of a piece waits for its trail
  do {
    UChar* target = wide.data();
    if (held != 0) *target++ = std::exchange(held, 0);
    error = U_ZERO_ERROR;
    ucnv_toUnicode(converter.get(), &target, wide.data() + wide.size(), &source, source_end, nullptr, true,
                   &error);
    const bool more = error == U_BUFFER_OVERFLOW_ERROR;
    if (U_FAILURE(error) && !more) return std::nullopt;
    auto length = static_cast<std::int32_t>(target - wide.data());
    if (more && length > 1 && U16_IS_LEAD(wide[static_cast<std::size_t>(length) - 1]))
      held = wide[static_cast<std::size_t>(--length)];
    std::int32_t written = 0;
    UErrorCode narrow_error = U_ZERO_ERROR;
    u_strToUTF8WithSub(narrow.data(), static_cast<std::int32_t>(narrow.size()), &written, wide.data(), length,
                       0xFFFD, nullptr, &narrow_error);
    if (U_FAILURE(narrow_error)) return std::nullopt;
    out.append(narrow.data(), static_cast<std::size_t>(written));
  } while (error == U_BUFFER_OVERFLOW_ERROR);
  return out;
}

std::optional<std::string> detected_encoding(std::string_view bytes) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, CloseDetector> detector(ucsdet_open(&error));
  if (U_FAILURE(error)) return std::nullopt;
  const auto front = bytes.substr(0, kDetectionBytes);
  ucsdet_setText(detector.get(), front.data(), static_cast<std::int32_t>(front.size()), &error);
  ucsdet_enableInputFilter(detector.get(), true);  // markup says nothing about the language
  const UCharsetMatch* match = ucsdet_detect(detector.get(), &error);
  if (U_FAILURE(error) || match == nullptr) return std::nullopt;
  if (ucsdet_getConfidence(match, &error) < kLeastConfidence) return std::nullopt;
  const char* name = ucsdet_getName(match, &error);
  if (U_FAILURE(error) || name == nullptr) return std::nullopt;
  const auto encoding = web_encoding(lowered(name));
  // Guesses that are seldom right for a page that is not declared so.
  if (encoding.starts_with("utf-16") || encoding.starts_with("utf-32") || encoding.starts_with("ibm"))
    return std::nullopt;
  return encoding;
}

bool has_bytes_beyond_ascii(std::string_view bytes) {
  return std::any_of(bytes.begin(), bytes.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

// Bytes that belong to no UTF-8 sequence, as a share of those beyond ASCII.
double broken_share(std::string_view bytes) {
  std::size_t broken = 0, beyond = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    if (static_cast<unsigned char>(bytes[at]) < 0x80) {
      ++at;
      continue;
    }
    const auto point = text::decode_utf8(bytes.substr(at));
    beyond += point.length;
    if (!point.valid) broken += point.length;
    at += point.length;
  }
  return beyond == 0 ? 0 : static_cast<double>(broken) / static_cast<double>(beyond);
}

DecodedText decoded_as_detected(std::string_view bytes) {
  if (text::is_valid_utf8(bytes)) return {std::string(bytes), "utf-8"};
  if (const auto encoding = detected_encoding(bytes)) {
    if (*encoding == "utf-8") return {text::repair_utf8(bytes), "utf-8"};
    if (auto utf8 = converted(bytes, *encoding)) return {std::move(*utf8), *encoding};
  }
  if (auto utf8 = converted(bytes, "windows-1252")) return {std::move(*utf8), "windows-1252"};
  return {text::repair_utf8(bytes), "utf-8"};
}

DecodedText decoded_as_declared(std::string_view bytes, const std::string& label) {
  const auto encoding = web_encoding(label);
  const bool valid_utf8 = text::is_valid_utf8(bytes);
  if (encoding == "utf-8") {
    if (valid_utf8) return {std::string(bytes), "utf-8"};
    // One stray byte in a short page is no evidence against the declaration; several are.
    if (broken_share(bytes) > kBrokenShare) {
      auto other = decoded_as_detected(bytes);
      if (other.encoding != "utf-8") return other;
    }
    return {text::repair_utf8(bytes), "utf-8"};
  }
  if (valid_utf8 && is_single_byte(encoding) && has_bytes_beyond_ascii(bytes))
    return {std::string(bytes), "utf-8"};
  if (auto utf8 = converted(bytes, encoding)) return {std::move(*utf8), encoding};
  return decoded_as_detected(bytes);
}

// The value after "charset" and '=', quoted or not, at or after a position; empty where there is none.
std::string charset_value(std::string_view text) {
  for (auto at = text.find("charset"); at != std::string_view::npos; at = text.find("charset", at)) {
    at += 7;
    std::size_t i = at;
    while (i < text.size() && is_html_space(text[i])) ++i;
    if (i == text.size() || text[i] != '=') continue;
    ++i;
    while (i < text.size() && (is_html_space(text[i]) || text[i] == '"' || text[i] == '\'')) ++i;
    std::size_t end = i;
    while (end < text.size() && !is_html_space(text[end]) &&
           std::string_view("\"';/>,").find(text[end]) == std::string_view::npos)
      ++end;
    if (end > i) return std::string(text.substr(i, end - i));
  }
  return {};
}

}  // namespace

std::string charset_of_content_type(std::string_view content_type) {
  return charset_value(lowered(content_type));
}

std::string charset_of_meta(std::string_view bytes) {
  const std::string front = lowered(bytes.substr(0, kMetaBytes));
  for (auto at = front.find('<'); at != std::string::npos; at = front.find('<', at)) {
    if (front.compare(at, 4, "<!--") == 0) {
      at = front.find("-->", at + 4);
      continue;
    }
    if (front.compare(at, 5, "<meta") == 0 || front.compare(at, 5, "<?xml") == 0) {
      const auto end = std::min(front.find('>', at), front.size());
      const std::string_view element = std::string_view(front).substr(at, end - at);
      const bool xml = front[at + 1] == '?';
      std::string value;
      if (xml) {
        const auto name = element.find("encoding");
        if (name != std::string_view::npos)
          value = charset_value("charset" + std::string(element.substr(name + 8)));
      } else {
        value = charset_value(element);
      }
      // What was found byte by byte cannot be in an encoding of two bytes a letter.
      if (value.starts_with("utf-16") || value.starts_with("utf-32")) value = "utf-8";
      if (!value.empty()) return value;
    }
    ++at;
  }
  return {};
}

DecodedText decode_page(std::string_view bytes, std::string_view content_type) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return {text::repair_utf8(bytes.substr(3)), "utf-8"};
  if (bytes.starts_with("\xFF\xFE")) {
    if (auto utf8 = converted(bytes.substr(2), "utf-16le")) return {std::move(*utf8), "utf-16le"};
  }
  if (bytes.starts_with("\xFE\xFF")) {
    if (auto utf8 = converted(bytes.substr(2), "utf-16be")) return {std::move(*utf8), "utf-16be"};
  }
  const auto of_header = charset_of_content_type(content_type);
  if (!of_header.empty()) return decoded_as_declared(bytes, of_header);
  const auto of_meta = charset_of_meta(bytes);
  if (!of_meta.empty()) return decoded_as_declared(bytes, of_meta);
  return decoded_as_detected(bytes);
}

}  // namespace gpt::crawl
