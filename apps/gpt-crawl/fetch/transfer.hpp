#pragma once

#include <memory>
#include <string>

#include <curl/curl.h>

#include "apps/gpt-crawl/fetch/fetcher.hpp"

namespace gpt::crawl {

// One request on its way: the libcurl handle and what has come so far.
class Transfer {
 public:
  enum class Connection { any, fresh };

  Transfer(FetchRequest request, const FetchPolicy& policy, Connection connection);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* handle() const { return handle_.get(); }
  const FetchRequest& request() const { return request_; }

  // Whether it failed because of what an earlier request left on its connection (a server may close it at any time,
  // or send more than it said): to be tried anew on a fresh one.
  bool died_on_old_connection(CURLcode code) const;
  // What came of it; the last call.
  FetchResult finish(CURLcode code);

 private:
  struct Cleanup {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };

  template <class Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(handle_.get(), option, value);
  }
  void set_limits();
  void set_callbacks();
  std::size_t take_header(std::string_view line);
  std::size_t take_body(std::string_view bytes);
  bool is_wanted(std::string_view first_bytes) const;
  std::string failure_of(CURLcode code) const;

  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static curl_socket_t on_open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);

  FetchRequest request_;
  const FetchPolicy& policy_;
  std::unique_ptr<CURL, Cleanup> handle_;
  FetchResult result_;
  std::size_t header_bytes_ = 0;
  std::string refused_;  // why we broke the transfer off
  bool cut_ = false;     // broken off with all that is wanted
  std::string refused_address_;
};

}  // namespace gpt::crawl
