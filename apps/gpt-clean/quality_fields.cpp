#include "apps/gpt-clean/quality_fields.hpp"

#include "apps/gpt-clean/rules/measure_rule.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::clean {

void QualityFields::clear() {
  measures_.clear();
  fails_.clear();
}

void QualityFields::add(std::string_view rule, const Outcome& outcome) {
  if (outcome.measure) {
    if (!measures_.empty()) measures_ += ",";
    measures_ += io::json_string(rule) + ":" + short_number(*outcome.measure);
  }
  if (outcome.fate == Outcome::Fate::dropped) {
    if (!fails_.empty()) fails_ += ",";
    fails_ += io::json_string(rule);
  }
}

std::string QualityFields::fields() const {
  return "\"quality\":{" + measures_ + "},\"fails\":[" + fails_ + "]";
}

}  // namespace gpt::clean
