#include "libcommon/tokenizer/character_class.hpp"

#include <algorithm>

#include <unicode/uchar.h>

namespace gpt::tokenizer {
namespace {

constexpr std::size_t kCodePoints = 0x110000;

CharacterClass class_of_category(UCharCategory category) {
  const auto mask = U_MASK(category);
  if ((mask & U_GC_L_MASK) != 0) return CharacterClass::letter;
  if ((mask & U_GC_N_MASK) != 0) return CharacterClass::number;
  return CharacterClass::other;
}

// ICU hands over ranges of one category; limit is exclusive.
UBool fill_range(const void* context, UChar32 start, UChar32 limit, UCharCategory category) {
  auto* classes = static_cast<CharacterClass*>(const_cast<void*>(context));
  std::fill(classes + start, classes + limit, class_of_category(category));
  return true;
}

}  // namespace

CharacterClasses::CharacterClasses() : classes_(kCodePoints, CharacterClass::other) {
  u_enumCharTypes(fill_range, classes_.data());
  // White_Space lies wholly in the Basic Multilingual Plane, all of it at or below U+3000.
  for (UChar32 point = 0; point <= 0x3000; ++point) {
    if (u_isUWhiteSpace(point)) classes_[static_cast<std::size_t>(point)] = CharacterClass::space;
  }
}

const CharacterClasses& CharacterClasses::unicode() {
  static const CharacterClasses built;
  return built;
}

}  // namespace gpt::tokenizer
