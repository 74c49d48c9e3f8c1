#include "apps/gpt-crawl/fetch/fetcher.hpp"

#include <map>
#include <new>
#include <stdexcept>

#include <curl/curl.h>

#include "apps/gpt-crawl/fetch/transfer.hpp"
#include "libcommon/cli/stop_signals.hpp"

namespace gpt::crawl {
namespace {

void initialise_curl() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) throw std::runtime_error(std::string("libcurl: ") + curl_easy_strerror(code));
}

void check(CURLMcode code) {
  if (code != CURLM_OK) throw std::runtime_error(std::string("libcurl: ") + curl_multi_strerror(code));
}

}  // namespace

class Fetcher::Body {
 public:
  explicit Body(FetchPolicy policy) : policy_(std::move(policy)) {
    initialise_curl();
    multi_.reset(curl_multi_init());
    if (!multi_) throw std::bad_alloc{};
  }
  ~Body() {
    for (const auto& [handle, transfer] : transfers_) curl_multi_remove_handle(multi_.get(), handle);
  }
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;

  void start(FetchRequest request, Transfer::Connection connection) {
    auto transfer = std::make_unique<Transfer>(std::move(request), policy_, connection);
    CURL* const handle = transfer->handle();
    transfers_.emplace(handle, std::move(transfer));
    check(curl_multi_add_handle(multi_.get(), handle));
  }

  std::size_t in_flight() const { return transfers_.size(); }

  std::vector<FetchResult> wait(std::chrono::milliseconds at_most) {
    int running = 0;
    check(curl_multi_perform(multi_.get(), &running));
    auto finished = finished_transfers();
    if (!finished.empty() || cli::stop_requested()) return finished;
    curl_waitfd stop = {cli::stop_wake_descriptor(), CURL_WAIT_POLLIN, 0};
    check(curl_multi_poll(multi_.get(), stop.fd >= 0 ? &stop : nullptr, stop.fd >= 0 ? 1 : 0,
                          static_cast<int>(at_most.count()), nullptr));
    check(curl_multi_perform(multi_.get(), &running));
    return finished_transfers();
  }

 private:
  struct Cleanup {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };

  std::vector<FetchResult> finished_transfers() {
    std::vector<FetchResult> results;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* const handle = message->easy_handle;
      const CURLcode code = message->data.result;
      const auto found = transfers_.find(handle);
      const auto transfer = std::move(found->second);
      transfers_.erase(found);
      curl_multi_remove_handle(multi_.get(), handle);
      if (transfer->died_on_old_connection(code))
        start(transfer->request(), Transfer::Connection::fresh);
      else
        results.push_back(transfer->finish(code));
    }
    return results;
  }

  FetchPolicy policy_;
  std::unique_ptr<CURLM, Cleanup> multi_;
  std::map<CURL*, std::unique_ptr<Transfer>> transfers_;
};

Fetcher::Fetcher(FetchPolicy policy) : body_(std::make_unique<Body>(std::move(policy))) {}
Fetcher::~Fetcher() = default;
void Fetcher::start(FetchRequest request) { body_->start(std::move(request), Transfer::Connection::any); }
std::size_t Fetcher::in_flight() const { return body_->in_flight(); }
std::vector<FetchResult> Fetcher::wait(std::chrono::milliseconds at_most) { return body_->wait(at_most); }

}  // namespace gpt::crawl
