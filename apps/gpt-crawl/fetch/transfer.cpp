#include "apps/gpt-crawl/fetch/transfer.hpp"

#include <algorithm>
#include <cctype>
#include <new>
#include <string_view>

#include <sys/socket.h>
#include <unistd.h>

#include "apps/gpt-crawl/fetch/address_rules.hpp"
#include "apps/gpt-crawl/run_counts.hpp"

namespace gpt::crawl {
namespace {

// Headers of real servers are some KiB; a server that never ends them is cut off.
constexpr std::size_t kMaxHeaderBytes = std::size_t{256} << 10;

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

bool is_html_type(std::string_view content_type) {
  const auto type = lowered(trimmed(content_type.substr(0, content_type.find(';'))));
  return type == "text/html" || type == "application/xhtml+xml";
}

bool looks_like_html(std::string_view bytes) {
  const auto front = lowered(trimmed(bytes.substr(0, 512)));
  return front.starts_with("<!doctype html") || front.starts_with("<html") || front.starts_with("<head") ||
         front.starts_with("<!--") || front.starts_with("\xEF\xBB\xBF<");
}

bool is_redirect(long status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

Transfer::Transfer(FetchRequest request, const FetchPolicy& policy, Connection connection)
    : request_(std::move(request)), policy_(policy), handle_(curl_easy_init()) {
  if (!handle_) throw std::bad_alloc{};
  result_.tag = request_.tag;
  set(CURLOPT_URL, request_.url.text().c_str());
  set(CURLOPT_PRIVATE, this);
  set(CURLOPT_USERAGENT, policy_.user_agent.c_str());
  set(CURLOPT_ACCEPT_ENCODING, "");  // all that libcurl can decompress
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PATH_AS_IS, 1L);
  if (!policy_.allow_private) set(CURLOPT_PROXY, "");
  if (connection == Connection::fresh) set(CURLOPT_FRESH_CONNECT, 1L);
  set_limits();
  set_callbacks();
}

void Transfer::set_limits() {
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(policy_.timeout.count()));
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(policy_.timeout.count()));
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_HTTP09_ALLOWED, 0L);
  if (request_.overlong == Overlong::refuse)
    set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request_.max_bytes));
}

void Transfer::set_callbacks() {
  set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(CURLOPT_WRITEDATA, this);
  if (!policy_.allow_private) {
    set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_open_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
  }
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  return static_cast<Transfer*>(self)->take_header({data, size * count});
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  return static_cast<Transfer*>(self)->take_body({data, size * count});
}

curl_socket_t Transfer::on_open_socket(void* self, curlsocktype purpose, curl_sockaddr* address) {
  if (purpose != CURLSOCKTYPE_IPCXN || !is_public_address(address->addr)) {
    static_cast<Transfer*>(self)->refused_address_ = address_text(address->addr);
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t Transfer::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > kMaxHeaderBytes) {
    refused_ = reason::kTooLarge;
    return 0;
  }
  if (line.starts_with("HTTP/")) {  // of a final response after a 100 or 103
    result_.content_type.clear();
    result_.location.clear();
    result_.robots.clear();
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return line.size();
  const auto name = lowered(line.substr(0, colon));
  const auto value = trimmed(line.substr(colon + 1));
  if (name == "content-type") result_.content_type = value;
  if (name == "location" && result_.location.empty()) result_.location = value;
  if (name == "x-robots-tag") {
    if (!result_.robots.empty()) result_.robots += ", ";
    result_.robots += value;
  }
  return line.size();
}

bool Transfer::is_wanted(std::string_view first_bytes) const {
  if (request_.accept == Accept::anything) return true;
  if (result_.content_type.empty()) return looks_like_html(first_bytes);
  return is_html_type(result_.content_type);
}

std::size_t Transfer::take_body(std::string_view bytes) {
  if (result_.body.empty() && !bytes.empty()) {
    long status = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status < 200 || status >= 300) {  // nothing in it is used
      cut_ = true;
      return 0;
    }
    if (!is_wanted(bytes)) {
      refused_ = reason::kNotHtml;
      return 0;
    }
  }
  if (bytes.size() > request_.max_bytes - result_.body.size()) {
    if (request_.overlong == Overlong::cut) {
      result_.body += bytes.substr(0, request_.max_bytes - result_.body.size());
      cut_ = true;
    } else {
      refused_ = reason::kTooLarge;
    }
    return 0;
  }
  result_.body += bytes;
  return bytes.size();
}

std::string Transfer::failure_of(CURLcode code) const {
  if (!refused_.empty()) return refused_;
  if (!refused_address_.empty() && code == CURLE_COULDNT_CONNECT) return reason::kPrivateAddress;
  switch (code) {
    case CURLE_OK:
      return {};
    case CURLE_OPERATION_TIMEDOUT:
      return "timeout";
    case CURLE_COULDNT_RESOLVE_HOST:
      return "unknown host";
    case CURLE_COULDNT_CONNECT:
      return "connection refused";
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return "connection broken";
    case CURLE_BAD_CONTENT_ENCODING:
      return "damaged compression";
    case CURLE_FILESIZE_EXCEEDED:
      return reason::kTooLarge;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
      return "TLS error";
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return "not HTTP";
    default:
      return "network error";
  }
}

bool Transfer::died_on_old_connection(CURLcode code) const {
  long connections = 1;
  curl_easy_getinfo(handle_.get(), CURLINFO_NUM_CONNECTS, &connections);
  return connections == 0 &&
         (code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR || code == CURLE_GOT_NOTHING ||
          code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_UNSUPPORTED_PROTOCOL);
}

FetchResult Transfer::finish(CURLcode code) {
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &result_.status);
  if (!cut_) {
    result_.failure = failure_of(code);
    if (code != CURLE_OK && refused_.empty()) result_.detail = curl_easy_strerror(code);
    if (!refused_address_.empty())
      result_.detail = refused_address_ + " is not public; --allow-private permits it";
  }
  if (!result_.failure.empty() || !is_redirect(result_.status)) result_.location.clear();
  if (!result_.failure.empty()) result_.body.clear();
  return std::move(result_);
}

}  // namespace gpt::crawl
