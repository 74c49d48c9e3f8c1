#include "libgpt/comm/tcp/rendezvous.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <thread>

#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "libgpt/comm/tcp/letter.hpp"
#include "libgpt/comm/tcp/reception.hpp"

namespace gpt::comm {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Rank 0 tells first what went wrong for all; the others are a little more patient.
constexpr std::chrono::seconds kGrace{10};
constexpr std::chrono::seconds kTimeToAnswer{10};

std::string host_name() {
  char name[HOST_NAME_MAX + 1] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "";
}

// A connection a rank, and some files.
void allow_descriptors(int ranks) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const auto wanted = static_cast<rlim_t>(ranks) + 1024;
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = std::min(limit.rlim_max, wanted);
  setrlimit(RLIMIT_NOFILE, &limit);
}

void write_letter(const TcpSocket& socket, const Letter& letter, Deadline deadline) {
  const std::string bytes = encode(letter);
  write_all_or_throw(socket, std::as_bytes(std::span(bytes)), deadline);
}

Letter read_letter(const TcpSocket& socket, Deadline deadline) {
  char head[kLetterHead];
  read_all_or_throw(socket, std::as_writable_bytes(std::span(head)), deadline);
  const LetterHead parsed =
      parse_letter_head_or_throw(std::span<const char, kLetterHead>(head), kMostLetterBytes);
  Letter letter{parsed.kind, std::string(parsed.length, '\0')};
  read_all_or_throw(socket, std::as_writable_bytes(std::span(letter.body)), deadline);
  return letter;
}

std::string port_list(const std::vector<int>& ports) {
  return ports.size() == 1 ? "port " + std::to_string(ports.front())
                           : "ports " + std::to_string(ports.front()) + " and " +
                                 std::to_string(ports.size() - 1) + " more";
}

class Meeting {
 public:
  explicit Meeting(const MeetingPoint& point)
      : point_(point), deadline_(steady_clock::now() + point.patience) {
    met_.rank = point.rank;
    met_.sockets.resize(static_cast<std::size_t>(point.size));
    met_.hosts.resize(static_cast<std::size_t>(point.size));
  }

  MetRanks meet() {
    allow_descriptors(point_.size);
    if (point_.rank == 0) {
      receive_all();
    } else {
      call_all();
    }
    for (const TcpSocket& socket : met_.sockets) {
      if (socket.is_open()) tune(socket);
    }
    return std::move(met_);
  }

 private:
  std::string me() const {
    return "rank " + std::to_string(point_.rank) + " of " + std::to_string(point_.size);
  }
  std::string seconds() const {
    return std::to_string(point_.patience.count()) + " s (GPT_RENDEZVOUS_TIMEOUT)";
  }
  Hello hello(int port) const { return {point_.size, point_.rank, port, point_.job, host_name()}; }

  void take(std::map<int, Reception::Guest>& guests) {
    for (auto& [rank, guest] : guests) {
      met_.sockets[static_cast<std::size_t>(rank)] = std::move(guest.socket);
      met_.hosts[static_cast<std::size_t>(rank)] = guest.hello.host;
    }
  }

  // Rank 0.
  TcpSocket listen_or_throw() {
    for (const int port : point_.ports) {
      TcpSocket listener = listen_on(port);
      if (listener.is_open()) {
        port_ = port;
        return listener;
      }
    }
    throw LaunchError("rank 0 cannot listen on " + port_list(point_.ports) + " of " + host_name() + ": " +
                      std::strerror(errno) + "; set MASTER_PORT to one that is free, the same on all ranks");
  }

  void receive_all() {
    Reception reception(listen_or_throw(), 1, point_.size, point_.job);
    if (!reception.admit_until(deadline_)) {
      const auto missing = reception.missing();
      const std::string reason = "rank 0 waited " + seconds() + " on " + host_name() + ", port " +
                                 std::to_string(port_) + ": " + (missing.size() == 1 ? "rank " : "ranks ") +
                                 rank_list(missing) + " of " + std::to_string(point_.size) + " did not come" +
                                 reception.turned_away();
      for (auto& [rank, guest] : reception.guests()) tell(guest.socket, {Letter::Kind::refusal, reason});
      throw LaunchError(reason);
    }
    std::vector<Whereabouts> table{{"", 0, host_name()}};
    for (const auto& [rank, guest] : reception.guests())
      table.push_back({is_loopback(guest.address) ? "" : guest.address, guest.hello.port, guest.hello.host});
    for (auto& [rank, guest] : reception.guests())
      tell(guest.socket, {Letter::Kind::table, encode_body(table)});
    met_.hosts[0] = host_name();
    take(reception.guests());
  }

  // Who has gone away is noticed with the first message.
  static void tell(const TcpSocket& socket, const Letter& letter) {
    try {
      write_letter(socket, letter, steady_clock::now() + kTimeToAnswer);
    } catch (const CommError&) {
    }
  }

  // The other ranks.
  void call_all() {
    TcpSocket listener = listen_on(0);
    if (!listener.is_open()) throw LaunchError(me() + " cannot listen: " + std::strerror(errno));
    const std::vector<Whereabouts> table = table_of_rank_0(port_of(listener));
    for (std::size_t rank = 0; rank < table.size(); ++rank) met_.hosts[rank] = table[rank].host;
    for (int rank = 1; rank < point_.rank; ++rank) call_rank(rank, table[static_cast<std::size_t>(rank)]);
    Reception reception(std::move(listener), point_.rank + 1, point_.size, point_.job);
    if (!reception.admit_until(deadline_ + kGrace)) {
      throw LaunchError(me() + ": ranks " + rank_list(reception.missing()) + " did not call within " +
                        seconds() + reception.turned_away());
    }
    take(reception.guests());
    for (int rank = 1; rank < point_.rank; ++rank) hear_ready(rank);
  }

  // Calls at all addresses and ports in turn until rank 0 answers.
  std::vector<Whereabouts> table_of_rank_0(int own_port) {
    std::string last_error = "no answer";
    milliseconds pause{20};
    while (steady_clock::now() < deadline_) {
      for (const std::string& host : point_.hosts) {
        for (const int port : point_.ports) {
          if (auto table = try_rank_0(host, port, own_port, last_error)) return std::move(*table);
        }
      }
      std::this_thread::sleep_for(pause);
      pause = std::min(pause * 2, milliseconds(500));
    }
    std::string hosts = point_.hosts.front();
    for (std::size_t i = 1; i < point_.hosts.size(); ++i) hosts += " or " + point_.hosts[i];
    throw LaunchError(me() + " did not find rank 0 at " + hosts + ", " + port_list(point_.ports) +
                      ", within " + seconds() + ": " + last_error + "; these come from " + point_.spoken_of);
  }

  std::optional<std::vector<Whereabouts>> try_rank_0(const std::string& host, int port, int own_port,
                                                     std::string& error) {
    ConnectResult called =
        connect_to(host, port, std::min<Deadline>(deadline_, steady_clock::now() + kTimeToAnswer));
    if (!called.socket.is_open()) {
      if (error == "no answer") error = called.error;
      return std::nullopt;
    }
    try {
      write_letter(called.socket, {Letter::Kind::hello, encode_body(hello(own_port))}, deadline_);
      Letter answer = read_letter(called.socket, steady_clock::now() + kTimeToAnswer);
      if (answer.kind == Letter::Kind::ready) answer = read_letter(called.socket, deadline_ + kGrace);
      if (answer.kind == Letter::Kind::table) {
        auto table = parse_table_or_throw(answer.body);
        if (table.size() != static_cast<std::size_t>(point_.size))
          throw ForeignBytes("a table of other ranks");
        host_of_rank_0_ = host;
        met_.sockets[0] = std::move(called.socket);
        return table;
      }
      // Another run's rank 0 may listen where this one's will; every other reason is final.
      if (answer.kind == Letter::Kind::refusal) {
        throw LaunchError(me() + " was turned away at " + host + ", port " + std::to_string(port) + ": " +
                          answer.body);
      }
      error = "it turned this rank away: " + answer.body;
    } catch (const ForeignBytes& foreign) {
      error =
          "what listens at " + host + ", port " + std::to_string(port) + " is not rank 0: " + foreign.what();
    } catch (const CommError& broken) {
      error =
          "what listens at " + host + ", port " + std::to_string(port) + " did not answer: " + broken.what();
    }
    return std::nullopt;
  }

  void call_rank(int rank, const Whereabouts& where) {
    const std::string& host = where.address.empty() ? host_of_rank_0_ : where.address;
    const std::string whom = "rank " + std::to_string(rank) + " on " + where.host + " (" + host + ", port " +
                             std::to_string(where.port) + ")";
    ConnectResult called = connect_to(host, where.port, deadline_ + kGrace);
    if (!called.socket.is_open()) throw LaunchError(me() + " cannot reach " + whom + ": " + called.error);
    try {
      write_letter(called.socket, {Letter::Kind::hello, encode_body(hello(0))}, deadline_ + kGrace);
    } catch (const CommError& error) {
      throw LaunchError(me() + " cannot reach " + whom + ": " + error.what());
    }
    met_.sockets[static_cast<std::size_t>(rank)] = std::move(called.socket);
  }

  void hear_ready(int rank) {
    const auto index = static_cast<std::size_t>(rank);
    std::string reason;
    try {
      const Letter answer = read_letter(met_.sockets[index], deadline_ + 2 * kGrace);
      if (answer.kind == Letter::Kind::ready) return;
      reason = answer.body;
    } catch (const std::runtime_error& error) {
      reason = error.what();
    }
    throw LaunchError(me() + " was not received by rank " + std::to_string(rank) + " on " +
                      met_.hosts[index] + ": " + reason);
  }

  const MeetingPoint& point_;
  Deadline deadline_;
  int port_ = 0;
  std::string host_of_rank_0_;
  MetRanks met_;
};

}  // namespace

MetRanks meet_or_throw(const MeetingPoint& point) { return Meeting(point).meet(); }

}  // namespace gpt::comm
