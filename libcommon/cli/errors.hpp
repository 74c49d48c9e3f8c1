#pragma once

#include <stdexcept>
#include <string>

namespace gpt::cli {

// The command line is wrong: exit code 2, and a hint at --help.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// --help or --version was asked for: its text goes to stdout and the tool is done.
class InformationRequested : public std::exception {
 public:
  explicit InformationRequested(std::string text) : text_(std::move(text)) {}
  const std::string& text() const { return text_; }
  const char* what() const noexcept override { return "information requested"; }

 private:
  std::string text_;
};

}  // namespace gpt::cli
