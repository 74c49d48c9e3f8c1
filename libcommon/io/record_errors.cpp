#include "libcommon/io/record_errors.hpp"

#include <stdexcept>

namespace gpt::io {

OnError on_error_of_name(std::string_view name) {
  if (name == "fail") return OnError::fail;
  if (name == "skip") return OnError::skip;
  throw std::invalid_argument("'" + std::string(name) + "' is neither fail nor skip");
}

void RecordErrors::add_or_throw(const DataError& error) {
  if (policy_ == OnError::fail) throw DataError(error);
  ++count_;
  if (first_messages_.size() < kKeptMessages) first_messages_.emplace_back(error.what());
}

void RecordErrors::absorb(const RecordErrors& later) {
  count_ += later.count_;
  for (const auto& message : later.first_messages_) {
    if (first_messages_.size() >= kKeptMessages) break;
    first_messages_.push_back(message);
  }
}

std::string RecordErrors::summary() const {
  if (count_ == 0) return {};
  return "skipped " + std::to_string(count_) + (count_ == 1 ? " record" : " records") +
         " that could not be read; the first: " + first_messages_.front();
}

}  // namespace gpt::io
