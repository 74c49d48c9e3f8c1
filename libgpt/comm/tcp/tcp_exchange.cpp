#include "libgpt/comm/tcp/tcp_exchange.hpp"

#include <algorithm>

namespace gpt::comm {

TcpExchange::TcpExchange(TcpMesh& mesh, const std::vector<int>& members, const Lane& lane,
                         const MessageLabel& label)
    : mesh_(mesh), members_(members), lane_(lane), label_(label) {
  mesh_.follow(*this);
}

TcpExchange::~TcpExchange() {
  mesh_.unfollow(*this);
  if (!complete_) mesh_.give_up();
}

std::byte* TcpExchange::scratch(std::size_t bytes) {
  return scratch_.emplace_back(std::make_unique_for_overwrite<std::byte[]>(bytes)).get();
}

void TcpExchange::send(const Piece& piece) {
  sends_.push_back({piece.peer, mesh_.send(members_[static_cast<std::size_t>(piece.peer)], lane_, piece.data,
                                           piece.bytes)});
}

void TcpExchange::post(const Round& round) {
  auto& receives = receives_.emplace_back();
  for (const Piece& piece : round.receives) {
    receives.push_back({piece.peer, mesh_.receive(members_[static_cast<std::size_t>(piece.peer)], lane_,
                                                  piece.data, piece.bytes)});
  }
  for (const Piece& piece : round.sends) send(piece);
}

bool TcpExchange::sends_are_complete() {
  while (!sends_.empty() && sends_.front().transfer->complete) sends_.pop_front();
  return sends_.empty() || std::all_of(sends_.begin(), sends_.end(),
                                       [](const Posted& send) { return send.transfer->complete; });
}

bool TcpExchange::receives_are_complete(std::deque<Posted>& receives) {
  while (!receives.empty() && receives.front().transfer->complete) {
    const Transfer& transfer = *receives.front().transfer;
    if (transfer.arrived != transfer.bytes && !wrong_size_) wrong_size_ = receives.front();
    receives.pop_front();
  }
  return receives.empty();
}

bool TcpExchange::may_start(const Round& round) {
  if (round.start == Round::Start::ahead) return started_ < done_ + 2;
  return started_ == done_ && sends_are_complete();
}

void TcpExchange::advance() {
  if (complete_ || wrong_size_) return;
  while (true) {
    if (!receives_.empty() && receives_are_complete(receives_.front())) {
      receives_.pop_front();
      if (wrong_size_) {  // the group may go on where nothing else is under way
        complete_ = receives_.empty() && sends_are_complete();
        return;
      }
      Round& round = rounds_[done_++];
      if (round.then) round.then(*this);
    } else if (started_ < rounds_.size() && may_start(rounds_[started_])) {
      post(rounds_[started_++]);
    } else {
      break;
    }
  }
  complete_ = done_ == rounds_.size() && sends_are_complete();
}

void TcpExchange::check_sizes_or_throw() const {
  if (!wrong_size_) return;
  throw CommError(label_.text() + ": " + std::to_string(wrong_size_->transfer->arrived) +
                  " bytes arrived where " + std::to_string(wrong_size_->transfer->bytes) + " were expected");
}

std::string TcpExchange::waiting_for() {
  std::vector<int> ranks;
  const auto note = [&](const Posted& posted) {
    if (!posted.transfer->complete) ranks.push_back(members_[static_cast<std::size_t>(posted.peer)]);
  };
  for (const auto& round : receives_) std::for_each(round.begin(), round.end(), note);
  std::for_each(sends_.begin(), sends_.end(), note);
  std::sort(ranks.begin(), ranks.end());
  ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
  std::string text = label_.text() + ": waiting for ";
  for (std::size_t i = 0; i < ranks.size(); ++i) text += (i == 0 ? "" : ", ") + mesh_.name_of(ranks[i]);
  return text;
}

void TcpExchange::wait() {
  if (!complete_) {
    try {
      mesh_.wait_until([&] { return complete_ || wrong_size_; }, [&] { return waiting_for(); });
    } catch (const EndedByAnotherRank&) {
      throw;
    } catch (const CommError& error) {
      const std::string text = error.what();
      if (text.starts_with(label_.what)) throw;  // the time limit, which names the message itself
      throw CommError(label_.text() + ": " + text);
    }
  }
  check_sizes_or_throw();
}

bool TcpExchange::test() {
  if (!complete_) mesh_.progress(std::chrono::milliseconds(0));
  check_sizes_or_throw();
  return complete_;
}

}  // namespace gpt::comm
