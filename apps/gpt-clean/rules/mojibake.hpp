#pragma once

#include <string>
#include <string_view>

#include "apps/gpt-clean/rules/rule_kind.hpp"

namespace gpt::clean {

// Undoes UTF-8 that was read in a one-byte encoding (Windows-1252, -1250, -1251, -1253, -1254, -1257,
// Latin-1, -2 and -9, Mac Roman, code pages 437, 850, 852 and 866) and written as UTF-8 again, several times
// over: "SmÃ¶rgÃ¥s" is "Smörgås". Only what becomes much less odd by it is touched (naturalness.hpp), so text
// that mixes damaged and sound parts keeps the latter. Bytes lost on the way are put back where it is clear
// what they were: a no-break space that became a space, the last byte of a closing quotation mark. text:
// valid UTF-8. Time: linear; text that is sound is only scanned.
std::string undo_mojibake(std::string_view text);

// C1 controls that Windows-1252 has a character for become that character, as web browsers read them.
std::string read_c1_controls(std::string_view text);

class MojibakeRule : public Rule {
 public:
  MojibakeRule() : Rule("mojibake", Unit::documents_changed) {}
  Outcome apply(WorkingDocument& document) override;
};

RuleKind mojibake_kind();

}  // namespace gpt::clean
