#include "apps/gpt-dedup/url_form.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace gpt::dedup {
namespace {

std::string small_letters(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

std::optional<int> digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

bool is_unreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::string with_plain_encodings(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto high = text[i] == '%' && i + 2 < text.size() ? digit_value(text[i + 1]) : std::nullopt;
    const auto low = high ? digit_value(text[i + 2]) : std::nullopt;
    if (!low) {
      result += text[i];
      continue;
    }
    const char decoded = static_cast<char>(*high * 16 + *low);
    if (is_unreserved(decoded))
      result += decoded;
    else
      result += {'%', kDigits[static_cast<std::size_t>(*high)], kDigits[static_cast<std::size_t>(*low)]};
    i += 2;
  }
  return result;
}

bool only_tracks(std::string_view parameter) {
  static constexpr std::array<std::string_view, 9> kNames = {"fbclid", "gclid",  "dclid", "msclkid", "mc_cid",
                                                             "mc_eid", "igshid", "yclid", "_ga"};
  const std::string_view name = parameter.substr(0, parameter.find('='));
  return name.starts_with("utm_") || std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

std::string telling_parameters(std::string_view query) {
  std::string result;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view parameter = query.substr(0, end);
    if (!parameter.empty() && !only_tracks(parameter)) {
      result += result.empty() ? '?' : '&';
      result += parameter;
    }
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return result;
}

std::string comparable_host(std::string_view authority, bool secure) {
  std::string host = small_letters(authority);
  for (const std::string_view port :
       {secure ? std::string_view(":443") : std::string_view(":80"), std::string_view(":")}) {
    if (host.ends_with(port)) {
      host.resize(host.size() - port.size());
      break;
    }
  }
  if (host.starts_with("www.")) host.erase(0, 4);
  return host;
}

}  // namespace

std::string comparable_url(std::string_view url) {
  const auto first = url.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  url = url.substr(first, url.find_last_not_of(" \t\r\n") - first + 1);
  url = url.substr(0, url.find('#'));
  std::string_view query;
  if (const auto mark = url.find('?'); mark != std::string_view::npos) {
    query = url.substr(mark + 1);
    url = url.substr(0, mark);
  }
  const std::string scheme = small_letters(url.substr(0, 8));
  const bool secure = scheme.starts_with("https://");
  if (secure)
    url.remove_prefix(8);
  else if (scheme.starts_with("http://"))
    url.remove_prefix(7);
  const std::size_t path = std::min(url.find('/'), url.size());
  std::string result = comparable_host(url.substr(0, path), secure) + with_plain_encodings(url.substr(path));
  while (result.ends_with('/')) result.pop_back();
  return result + telling_parameters(with_plain_encodings(query));
}

}  // namespace gpt::dedup
