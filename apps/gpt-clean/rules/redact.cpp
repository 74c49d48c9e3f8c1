#include "apps/gpt-clean/rules/redact.hpp"

namespace gpt::clean {
namespace {

// name: a literal, since rules keep views of it.
RuleKind redact_kind(std::string_view name, const std::string& mask, const std::string& what,
                     RedactRule::Find find) {
  return {.name = std::string(name),
          .summary = what + " are masked",
          .source = "",
          .unit = Rule::Unit::spans_masked,
          .parameters = {{"mask", mask, "what is written instead"}},
          .make = [name, find](const Settings& settings) {
            return std::make_unique<RedactRule>(name, settings.text_or_throw("mask"), find);
          }};
}

}  // namespace

std::string with_mask(std::string_view text, const std::vector<Span>& spans, std::string_view mask) {
  std::string out;
  out.reserve(text.size());
  std::size_t done = 0;
  for (const Span& span : spans) {
    out.append(text, done, span.begin - done);
    out += mask;
    done = span.end;
  }
  return out.append(text, done);
}

Outcome RedactRule::apply(WorkingDocument& document) {
  const std::vector<Span> spans = find_(document.text);
  if (spans.empty()) return untouched();
  document.text = with_mask(document.text, spans, mask_);
  Outcome outcome = changed();
  outcome.count = spans.size();
  outcome.detail = mask_;
  return outcome;
}

std::vector<RuleKind> redact_kinds() {
  return {
      redact_kind("redact-email", "<EMAIL>", "Email addresses", find_emails),
      redact_kind("redact-iban", "<IBAN>", "International bank account numbers with a right checksum",
                  find_ibans),
      redact_kind("redact-ip", "<IP>", "Public IPv4 and IPv6 addresses", find_ip_addresses),
      redact_kind("redact-personnummer", "<PERSONNUMMER>",
                  "Identity numbers of Sweden, Norway, Denmark, Finland and Iceland", find_identity_numbers),
      redact_kind("redact-phone", "<PHONE>", "Phone numbers, international and Nordic", find_phone_numbers)};
}

}  // namespace gpt::clean
