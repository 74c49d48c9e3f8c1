#include "libcommon/tokenizer/character_traits.hpp"

#include <algorithm>

#include <unicode/uchar.h>

namespace gpt::tokenizer {
namespace {

constexpr std::size_t kCodePoints = 0x110000;

std::uint8_t traits_of_category(UCharCategory category) {
  const auto mask = U_MASK(category);
  std::uint8_t traits = 0;
  if ((mask & U_GC_L_MASK) != 0) traits |= trait::kLetter;
  if ((mask & U_GC_N_MASK) != 0) traits |= trait::kNumber;
  if ((mask & (U_GC_LU_MASK | U_GC_LT_MASK | U_GC_LM_MASK | U_GC_LO_MASK | U_GC_M_MASK)) != 0)
    traits |= trait::kUpper;
  if ((mask & (U_GC_LL_MASK | U_GC_LM_MASK | U_GC_LO_MASK | U_GC_M_MASK)) != 0) traits |= trait::kLower;
  return traits;
}

// ICU hands over ranges of one category; limit is exclusive.
UBool fill_range(const void* context, UChar32 start, UChar32 limit, UCharCategory category) {
  auto* traits = static_cast<std::uint8_t*>(const_cast<void*>(context));
  std::fill(traits + start, traits + limit, traits_of_category(category));
  return true;
}

}  // namespace

CharacterTraits::CharacterTraits() : traits_(kCodePoints) {
  u_enumCharTypes(fill_range, traits_.data());
  // White_Space lies wholly at or below U+3000.
  for (UChar32 point = 0; point <= 0x3000; ++point) {
    if (u_isUWhiteSpace(point)) traits_[static_cast<std::size_t>(point)] |= trait::kSpace;
  }
  traits_['\r'] |= trait::kLineEnd;
  traits_['\n'] |= trait::kLineEnd;
}

const CharacterTraits& CharacterTraits::unicode() {
  static const CharacterTraits built;
  return built;
}

}  // namespace gpt::tokenizer
