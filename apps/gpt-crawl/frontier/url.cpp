#include "apps/gpt-crawl/frontier/url.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <memory>
#include <new>

#include <curl/curl.h>
#include <unicode/uidna.h>

#include "apps/gpt-crawl/frontier/percent_encoding.hpp"

namespace gpt::crawl {
namespace {

// Longer addresses are traps (calendars, session loops) more often than pages.
constexpr std::size_t kMaxUrlBytes = 2048;

struct CloseUrl {
  void operator()(CURLU* handle) const { curl_url_cleanup(handle); }
};
using UrlHandle = std::unique_ptr<CURLU, CloseUrl>;

std::optional<std::string> part_of(CURLU* handle, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(handle, part, &text, flags) != CURLUE_OK) return std::nullopt;
  std::string copy(text);
  curl_free(text);
  return copy;
}

// As browsers read an href: without blanks around and line breaks or tabs inside.
std::string cleaned(std::string_view text) {
  const auto is_blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  std::string out;
  for (const char c : text) {
    if (c != '\n' && c != '\r' && c != '\t') out += c;
  }
  return out;
}

// Whether a lower-case name can be asked for: labels of letters, digits, '-' and '_', or a bracketed IPv6
// address.
bool is_host_name(std::string_view host) {
  if (host.starts_with('[')) return host.ends_with(']');
  if (host.empty() || host.front() == '.' || host.back() == '.' || host.find("..") != std::string_view::npos)
    return false;
  return std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

// A host name in its ASCII form (UTS 46), lower case, without the root's dot; empty when it has none.
// libcurl's own conversion depends on the locale.
std::optional<std::string> ascii_host(std::string host) {
  const bool ascii =
      std::all_of(host.begin(), host.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!ascii) {
    static const UIDNA* const converter = [] {
      UErrorCode error = U_ZERO_ERROR;
      return uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI, &error);
    }();
    if (converter == nullptr) return std::nullopt;
    char name[256];
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UErrorCode error = U_ZERO_ERROR;
    const auto length = uidna_nameToASCII_UTF8(converter, host.data(), static_cast<std::int32_t>(host.size()),
                                               name, sizeof name, &info, &error);
    if (U_FAILURE(error) || info.errors != 0 || length > static_cast<std::int32_t>(sizeof name))
      return std::nullopt;
    host.assign(name, static_cast<std::size_t>(length));
  }
  std::transform(host.begin(), host.end(), host.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (host.ends_with('.')) host.pop_back();
  if (!is_host_name(host)) return std::nullopt;
  return host;
}

bool has_scheme(std::string_view text) {
  const auto colon = text.find_first_of(":/?#");
  if (colon == std::string_view::npos || text[colon] != ':' || colon == 0) return false;
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), [](unsigned char c) {
    return (c | 0x20) >= 'a' ? (c | 0x20) <= 'z' : (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  });
}

bool is_web_scheme(std::string_view text) {
  std::string scheme(text.substr(0, text.find(':')));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return scheme == "http" || scheme == "https";
}

// RFC 3986, 5.2.4, on a path that begins with '/'.
std::string without_dot_segments(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const auto end = std::min(path.find('/', 1), path.size());
    const auto segment = path.substr(0, end);  // with its leading '/'
    const bool last = end == path.size();
    if (segment == "/..") {
      out.erase(std::min(out.rfind('/'), out.size()));
      if (last) out += '/';
    } else if (segment == "/.") {
      if (last) out += '/';
    } else {
      out += segment;
    }
    path.remove_prefix(end);
  }
  return out.empty() ? "/" : out;
}

}  // namespace

std::optional<Url> Url::parse(std::string_view raw, const Url* base) {
  std::string text = cleaned(raw);
  text.erase(std::min(text.find('#'), text.size()));
  if (text.size() > kMaxUrlBytes) return std::nullopt;
  const bool absolute = has_scheme(text);
  if (absolute ? !is_web_scheme(text) : base == nullptr) return std::nullopt;
  if (text.empty()) return *base;

  const UrlHandle handle(curl_url());
  if (!handle) throw std::bad_alloc{};
  if (base != nullptr && curl_url_set(handle.get(), CURLUPART_URL, base->text_.c_str(), 0) != CURLUE_OK)
    return std::nullopt;
  if (curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), CURLU_URLENCODE | CURLU_PATH_AS_IS) !=
      CURLUE_OK)
    return std::nullopt;
  const auto scheme = part_of(handle.get(), CURLUPART_SCHEME);
  const auto raw_host = part_of(handle.get(), CURLUPART_HOST);
  const auto port = part_of(handle.get(), CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
  const auto path = part_of(handle.get(), CURLUPART_PATH);
  const auto query = part_of(handle.get(), CURLUPART_QUERY);
  if (!scheme || !is_web_scheme(*scheme) || !raw_host || !path) return std::nullopt;
  const auto host = ascii_host(*raw_host);
  if (!host) return std::nullopt;

  Url url;
  url.text_ = *scheme + "://";
  url.host_begin_ = url.text_.size();
  url.text_ += *host;
  if (port) url.text_ += ":" + *port;
  url.path_begin_ = url.text_.size();
  url.text_ += without_dot_segments(normalised_percent_encoding(*path));
  if (query && !query->empty()) url.text_ += "?" + normalised_percent_encoding(*query);
  if (url.text_.size() > kMaxUrlBytes) return std::nullopt;
  // A converted name may be a number in disguise, which libcurl spells as an address.
  if (host->size() != raw_host->size()) return parse(url.text_);
  return url;
}

std::string Url::site() const {
  std::string name = host();
  if (name.starts_with("www.")) name.erase(0, 4);
  return name;
}

}  // namespace gpt::crawl
