#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libcommon/io/errors.hpp"

namespace gpt::io {

// What a data tool does with a record it cannot read (--on-error): stop there, or count it and go on.
enum class OnError { fail, skip };

// "fail" or "skip"; throws std::invalid_argument otherwise.
OnError on_error_of_name(std::string_view name);

// The bad records of a run: how many, and what the first of them were, for the report and the closing
// warning. One a worker's batch, absorbed in input order, so that the messages kept do not depend on the
// threads.
class RecordErrors {
 public:
  static constexpr std::size_t kKeptMessages = 10;

  explicit RecordErrors(OnError policy = OnError::fail) : policy_(policy) {}

  // OnError::fail: throws the error on. OnError::skip: counts it.
  void add_or_throw(const DataError& error);
  // Takes over the counts of a later stretch of the input.
  void absorb(const RecordErrors& later);

  OnError policy() const { return policy_; }
  std::uint64_t count() const { return count_; }
  // At most kKeptMessages, each naming file and line.
  const std::vector<std::string>& first_messages() const { return first_messages_; }
  // "skipped 3 records that could not be read; the first: pages.jsonl:17: ..."; empty when there were none.
  std::string summary() const;

 private:
  OnError policy_;
  std::uint64_t count_ = 0;
  std::vector<std::string> first_messages_;
};

}  // namespace gpt::io
