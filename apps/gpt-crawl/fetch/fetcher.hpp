#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "apps/gpt-crawl/frontier/url.hpp"

namespace gpt::crawl {

struct FetchPolicy {
  std::string user_agent;
  std::chrono::milliseconds timeout{30000};  // of a request in all
  bool allow_private = false;
};

// What is done with a body longer than the request's max_bytes.
enum class Overlong { refuse, cut };
// What a body must be by its Content-Type (or, without one, by its first bytes) to be read.
enum class Accept { html, anything };

struct FetchRequest {
  std::uint64_t tag = 0;  // comes back with the result
  Url url;
  std::uint64_t max_bytes = 0;  // decompressed
  Overlong overlong = Overlong::refuse;
  Accept accept = Accept::html;
};

struct FetchResult {
  std::uint64_t tag = 0;
  long status = 0;      // 0 where no response came
  std::string failure;  // why there is no body ("timeout", "too large"); empty when all went well
  std::string detail;   // for messages, where the failure has more to say
  std::string body;     // decompressed
  std::string content_type;
  std::string location;  // of a redirect
  std::string robots;    // X-Robots-Tag
};

// Several HTTP requests at a time, one GET each, on one thread. Redirects are not followed but handed back.
// Unless private addresses are allowed, each connection's real address is checked before it is made, so that
// no name can lead there; proxies named in the environment, behind which that cannot be seen, are then not
// used.
class Fetcher {
 public:
  explicit Fetcher(FetchPolicy policy);
  ~Fetcher();
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;

  void start(FetchRequest request);
  std::size_t in_flight() const;

  // Works until a request ends, a stop is asked for, or the time has passed; returns the requests that ended.
  std::vector<FetchResult> wait(std::chrono::milliseconds at_most);

 private:
  class Body;
  std::unique_ptr<Body> body_;
};

}  // namespace gpt::crawl
