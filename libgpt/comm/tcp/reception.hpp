#pragma once

#include <list>
#include <map>
#include <string>
#include <vector>

#include "libgpt/comm/tcp/letter.hpp"
#include "libgpt/comm/tcp/tcp_socket.hpp"

namespace gpt::comm {

// Takes the calls of the ranks that are to come, on a port that anybody can reach: those who are no rank of
// this run, or slow to say who they are, keep nobody else waiting and are sent away with the reason; who is
// a rank is told so.
class Reception {
 public:
  struct Guest {
    TcpSocket socket;
    Hello hello;
    std::string address;  // from where it called
  };

  // Expects ranks first, first + 1 ... world_size - 1 of the job.
  Reception(TcpSocket listener, int first, int world_size, std::string job);

  // Until all are here, or the deadline; whether all are.
  bool admit_until(Deadline deadline);
  // By rank. Ranks that came and went away again are missing.
  std::map<int, Guest>& guests() { return guests_; }

  std::vector<int> missing() const;
  // "; turned away: 10.0.0.9 (it does not speak as a rank)", of the last few; empty where there was none.
  std::string turned_away() const;

 private:
  struct Caller {
    TcpSocket socket;
    std::string address;
    std::string bytes;
    Deadline deadline;
  };

  void accept_callers();
  bool hear(Caller& caller);  // whether it is done with
  bool hear_letter(Caller& caller);
  void admit(Caller& caller, Hello hello);
  void turn_away(Caller& caller, const std::string& reason, Letter::Kind kind = Letter::Kind::refusal);
  void forget_who_left();
  bool is_complete() const { return guests_.size() == static_cast<std::size_t>(world_size_ - first_); }

  TcpSocket listener_;
  int first_;
  int world_size_;
  std::string job_;
  std::list<Caller> callers_;
  std::map<int, Guest> guests_;
  std::vector<std::string> turned_away_;
};

// "1, 3-5"
std::string rank_list(const std::vector<int>& ranks);

}  // namespace gpt::comm
