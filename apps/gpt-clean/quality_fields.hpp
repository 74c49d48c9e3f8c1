#pragma once

#include <string>
#include <string_view>

#include "apps/gpt-clean/rules/rule.hpp"

namespace gpt::clean {

// The fields of --annotate: "quality" holds what each rule measured, by its name, and "fails" the names of
// the rules that would have dropped the document.
class QualityFields {
 public:
  void clear();
  void add(std::string_view rule, const Outcome& outcome);
  std::string fields() const;  // the inside of a JSON object

 private:
  std::string measures_;
  std::string fails_;
};

}  // namespace gpt::clean
