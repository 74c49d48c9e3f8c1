#include "libgpt/comm/tcp/reception.hpp"

#include <algorithm>
#include <cerrno>

#include <poll.h>
#include <sys/socket.h>

namespace gpt::comm {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds kTimeToSpeak{10};
constexpr std::size_t kMostCallers = 1024;  // who have not said yet who they are
constexpr std::size_t kMostReasons = 5;

// Whether the other side has closed: nothing is expected from it now.
bool has_left(const TcpSocket& socket) {
  char byte = 0;
  const ssize_t got = recv(socket.descriptor(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

// A letter fits what the system holds for a fresh connection; who does not want to know it is not waited for.
void tell(const TcpSocket& socket, const Letter& letter) {
  try {
    const std::string bytes = encode(letter);
    write_all_or_throw(socket, std::as_bytes(std::span(bytes)), steady_clock::now());
  } catch (const CommError&) {
  }
}

}  // namespace

Reception::Reception(TcpSocket listener, int first, int world_size, std::string job)
    : listener_(std::move(listener)), first_(first), world_size_(world_size), job_(std::move(job)) {}

bool Reception::admit_until(Deadline deadline) {
  while (true) {
    forget_who_left();
    if (is_complete()) return true;
    if (steady_clock::now() >= deadline) return false;
    std::vector<pollfd> polled{{listener_.descriptor(), POLLIN, 0}};
    for (const Caller& caller : callers_) polled.push_back({caller.socket.descriptor(), POLLIN, 0});
    // not for long: callers are sent away when their time is over
    poll(polled.data(), polled.size(), std::min(milliseconds_until(deadline), 200));
    callers_.remove_if([&](Caller& caller) { return hear(caller); });
    accept_callers();
  }
}

void Reception::accept_callers() {
  while (callers_.size() < kMostCallers) {
    TcpSocket socket = accept_on(listener_);
    if (!socket.is_open()) return;
    std::string address = peer_host(socket);
    callers_.push_back({std::move(socket), std::move(address), "", steady_clock::now() + kTimeToSpeak});
  }
}

bool Reception::hear(Caller& caller) {
  try {
    if (hear_letter(caller)) return true;
    if (steady_clock::now() < caller.deadline) return false;
    turn_away(caller, "it did not say who it is within " + std::to_string(kTimeToSpeak.count()) + " s");
  } catch (const ForeignBytes& error) {
    turn_away(caller, error.what());
  }
  return true;
}

bool Reception::hear_letter(Caller& caller) {
  while (true) {
    std::size_t wanted = kLetterHead;
    if (caller.bytes.size() >= kLetterHead) {
      const auto head = parse_letter_head_or_throw(
          std::span<const char, kLetterHead>(caller.bytes.data(), kLetterHead), kMostHelloBytes);
      if (head.kind != Letter::Kind::hello) throw ForeignBytes("it did not begin by saying who it is");
      wanted += head.length;
    }
    if (caller.bytes.size() == wanted) {
      admit(caller, parse_hello_or_throw(caller.bytes.substr(kLetterHead)));
      return true;
    }
    char bytes[256];
    const ssize_t got = recv(caller.socket.descriptor(), bytes,
                             std::min(sizeof bytes, wanted - caller.bytes.size()), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return false;
    if (got <= 0) throw ForeignBytes("it hung up before it said who it is");
    caller.bytes.append(bytes, static_cast<std::size_t>(got));
  }
}

void Reception::admit(Caller& caller, Hello hello) {
  const std::string name = "rank " + std::to_string(hello.rank);
  if (hello.job != job_) return turn_away(caller, "it belongs to another run", Letter::Kind::other_run);
  if (hello.world_size != world_size_) {
    return turn_away(caller, name + " on " + hello.host + " was started as one of " +
                                 std::to_string(hello.world_size) + " ranks, and those here as of " +
                                 std::to_string(world_size_));
  }
  if (hello.rank < first_)
    return turn_away(caller, "another " + name + ", on " + hello.host + ", was started");
  const auto here = guests_.find(hello.rank);
  if (here != guests_.end() && !has_left(here->second.socket)) {
    return turn_away(caller,
                     name + " was started twice: on " + here->second.hello.host + " and on " + hello.host);
  }
  const int rank = hello.rank;
  tell(caller.socket, {Letter::Kind::ready, ""});
  guests_.insert_or_assign(rank, Guest{std::move(caller.socket), std::move(hello), caller.address});
}

void Reception::turn_away(Caller& caller, const std::string& reason, Letter::Kind kind) {
  tell(caller.socket, {kind, reason});
  turned_away_.push_back(caller.address + " (" + reason + ")");
  if (turned_away_.size() > kMostReasons) turned_away_.erase(turned_away_.begin());
}

void Reception::forget_who_left() {
  std::erase_if(guests_, [&](const auto& entry) {
    if (!has_left(entry.second.socket)) return false;
    turned_away_.push_back(entry.second.address + " (rank " + std::to_string(entry.first) +
                           " came, and ended)");
    return true;
  });
}

std::vector<int> Reception::missing() const {
  std::vector<int> ranks;
  for (int rank = first_; rank < world_size_; ++rank) {
    if (!guests_.contains(rank)) ranks.push_back(rank);
  }
  return ranks;
}

std::string Reception::turned_away() const {
  std::string text;
  for (const std::string& caller : turned_away_) text += (text.empty() ? "; turned away: " : ", ") + caller;
  return text;
}

std::string rank_list(const std::vector<int>& ranks) {
  std::string text;
  for (std::size_t first = 0, end = 0; first < ranks.size(); first = end) {
    end = first + 1;
    while (end < ranks.size() && ranks[end] == ranks[end - 1] + 1) ++end;
    text += (text.empty() ? "" : ", ") + std::to_string(ranks[first]);
    if (end - first > 1) text += (end - first > 2 ? "-" : ", ") + std::to_string(ranks[end - 1]);
  }
  return text;
}

}  // namespace gpt::comm
