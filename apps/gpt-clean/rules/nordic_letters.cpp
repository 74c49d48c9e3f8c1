#include "apps/gpt-clean/rules/nordic_letters.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace gpt::clean {
namespace {

constexpr std::array<std::string_view, 8> kLanguages = {"sv", "da", "nb", "nn", "no", "fi", "is", "fo"};

std::optional<double> nordic_letters(WorkingDocument& document) {
  if (std::find(kLanguages.begin(), kLanguages.end(), document.language) == kLanguages.end())
    return std::nullopt;
  std::size_t plain = 0;
  std::size_t latin1 = 0;
  for (const char c : document.text) {
    const auto byte = static_cast<unsigned char>(c);
    const auto folded = static_cast<unsigned char>(byte | 0x20);
    plain += folded >= 'a' && folded <= 'z' ? 1 : 0;
    latin1 += byte == 0xC3 ? 1 : 0;  // begins À to ÿ
  }
  return ratio(latin1, plain + latin1);
}

}  // namespace

RuleKind nordic_letters_kind() {
  return measure_kind(
      {.name = "nordic-letters",
       .summary = "Drops documents in a Nordic language of which too few letters are å, ä, ö, æ, ø, þ "
                  "and their like",
       .source = {},
       .min = "0.003",
       .uses_language = true},
      nordic_letters);
}

}  // namespace gpt::clean
