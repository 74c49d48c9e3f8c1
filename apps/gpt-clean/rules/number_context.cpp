#include "apps/gpt-clean/rules/number_context.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "apps/gpt-clean/rules/byte_kinds.hpp"

namespace gpt::clean {
namespace {

constexpr std::size_t kLongestWord = 20;  // of the lists below, in bytes

constexpr std::array<std::string_view, 22> kPhoneWords = {
    "tel",   "tlf",      "tfn",      "telefon", "telefonnummer", "telefonnr", "telephone", "telefoni",
    "mobil", "mobiltlf", "mob",      "mobile",  "mobilnummer",   "phone",     "puh",       "puhelin",
    "fax",   "gsm",      "whatsapp", "sími",    "cell",          "tl"};

constexpr std::array<std::string_view, 14> kPersonWords = {
    "cpr",           "cprnr",     "cprnummer",       "personnummer",  "personnumret", "personnr",  "persnr",
    "fødselsnummer", "fødselsnr", "fødselsnummeret", "henkilötunnus", "hetu",         "kennitala", "kt"};

constexpr std::array<std::string_view, 46> kThingWords = {
    "dnr",       "diarienr",      "diarienummer",  "journalnr", "art",          "artnr",
    "artikel",   "artikelnr",     "artikelnummer", "varenr",    "varunr",       "faktura",
    "fakturanr", "fakturanummer", "order",         "ordernr",   "ordernummer",  "ordre",
    "ordrenr",   "ordrenummer",   "ärende",        "ärendenr",  "ärendenummer", "sak",
    "saknr",     "saksnr",        "sagsnr",        "ref",       "refnr",        "referens",
    "isbn",      "issn",          "ean",           "gtin",      "orgnr",        "organisationsnummer",
    "serienr",   "kundnr",        "kundnummer",    "bankgiro",  "bg",           "plusgiro",
    "konto",     "kontonr",       "invoice",       "viite"};

constexpr std::array<std::string_view, 19> kVersionWords = {
    "version", "versio",  "versionen", "v",    "ver",      "release", "útgáfa",
    "utgave",  "build",   "kapitel",   "kap",  "kapittel", "chapter", "sektion",
    "section", "avsnitt", "avsnit",    "luku", "kohta"};

constexpr std::array<std::string_view, 38> kAmountWords = {
    "kr",       "kronor",     "kroner",     "krónur",    "krona",   "krone",    "sek",       "nok",
    "dkk",      "isk",        "mkr",        "tkr",       "euro",    "euros",    "euroa",     "eur",
    "usd",      "gbp",        "dollar",     "dollars",   "pund",    "st",       "stk",       "kpl",
    "km",       "kg",         "ton",        "procent",   "prosent", "personer", "människor", "mennesker",
    "invånare", "innbyggere", "indbyggere", "användare", "brukere", "brugere"};

// ASCII and the letters of Latin-1 in lower case.
std::string in_lower_case(std::string_view word) {
  std::string small(word);
  for (std::size_t i = 0; i < small.size(); ++i) {
    const bool latin = i > 0 && small[i - 1] == '\xC3' && small[i] <= '\x9E';
    small[i] = latin ? static_cast<char>(small[i] + 0x20) : lower(small[i]);
  }
  return small;
}

bool is_listed(std::string_view word, std::span<const std::string_view> words) {
  if (word.empty() || word.size() > kLongestWord) return false;
  return std::find(words.begin(), words.end(), in_lower_case(word)) != words.end();
}

// The word before a place, with a few signs of the same line between; empty where there is none.
std::string_view word_before(std::string_view text, std::size_t begin) {
  constexpr std::size_t kSigns = 4;
  std::size_t end = begin;
  while (end > 0 && begin - end < kSigns && !is_word_byte(text[end - 1]) && text[end - 1] != '\n') --end;
  std::size_t word = end;
  while (word > 0 && end - word <= kLongestWord && is_word_byte(text[word - 1])) --word;
  return text.substr(word, end - word);
}

// Whether a word of the list stands before a place, perhaps with "nr" between them.
bool stands_behind(std::string_view text, std::size_t begin, std::span<const std::string_view> words) {
  const std::string_view word = word_before(text, begin);
  if (is_listed(word, words)) return true;
  constexpr std::array<std::string_view, 4> kNumber = {"nr", "nummer", "no", "nro"};
  if (!is_listed(word, kNumber)) return false;
  return is_listed(word_before(text, static_cast<std::size_t>(word.data() - text.data())), words);
}

}  // namespace

bool stands_behind_phone_word(std::string_view text, std::size_t begin) {
  return stands_behind(text, begin, kPhoneWords);
}

bool stands_behind_person_word(std::string_view text, std::size_t begin) {
  return stands_behind(text, begin, kPersonWords);
}

bool stands_behind_thing_word(std::string_view text, std::size_t begin) {
  return stands_behind(text, begin, kThingWords);
}

bool stands_behind_version(std::string_view text, std::size_t begin) {
  const bool product = begin > 1 && text[begin - 1] == '/' && is_word_byte(text[begin - 2]);
  return product || stands_behind(text, begin, kVersionWords);
}

bool is_amount(std::string_view text, std::size_t end) {
  constexpr std::string_view kNoBreakSpace = "\u00A0";
  std::size_t at = end;
  if (byte_or_nul(text, at) == ' ') ++at;
  if (text.substr(std::min(at, text.size())).starts_with(kNoBreakSpace)) at += kNoBreakSpace.size();
  const std::string_view rest = text.substr(std::min(at, text.size()));
  for (const std::string_view sign : {"%", "$", "€", "£", ":-", ",-"}) {
    if (rest.starts_with(sign)) return true;
  }
  std::size_t length = 0;
  while (length <= kLongestWord && is_word_byte(byte_or_nul(rest, length))) ++length;
  return at > end && is_listed(rest.substr(0, length), kAmountWords);
}

}  // namespace gpt::clean
