#include "libcommon/text/scandinavian.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace gpt::text {
namespace {

enum Language : std::size_t { kSwedish, kDanish, kNorwegian };
constexpr std::array<std::string_view, 3> kCodes = {"sv", "da", "no"};

// Frequent words, and forms of them, that one language alone has.
constexpr std::array<std::string_view, 3> kWords = {
    "och att är inte för från också när mycket många något någon några vad hur varför över utan själv "
    "säger där här honom vilka vilken vilket ska blivit ännu andra dessa varit vara måste gör genom även "
    "eftersom fick finns inom istället kunde bör blev sig efter mig dig nu",
    "af hvad nogle noget nogen havde blev bliver op ud ind efter uden mellem altid mere gør lige sige "
    "siger mig dig sig nu fået sagde igen måske været fik fandt blevet aldrig sådan hvornår bruge jeg "
    "hvordan ikke fra",
    "hva noen noe ble opp inn etter uten mye meg deg seg igjen kanskje vært fikk fant blitt jeg hvordan "
    "ikke fra ikkje eg eit ein kva nokon noko frå korleis kvifor dei òg mykje meir berre sjølv mellom"};

class Evidence {
 public:
  Evidence() {
    for (std::size_t language = 0; language < kWords.size(); ++language)
      add_words(language, kWords[language]);
  }

  // What one word speaks for, -1 for nothing: a word that two languages have is no evidence.
  int of_word(std::string_view word) const {
    const auto found = words_.find(word);
    return found == words_.end() ? -1 : found->second;
  }

 private:
  void add_words(std::size_t language, std::string_view list) {
    while (!list.empty()) {
      const std::string_view word = list.substr(0, list.find(' '));
      const auto [entry, is_new] = words_.emplace(word, static_cast<int>(language));
      if (!is_new) entry->second = -1;
      list.remove_prefix(std::min(list.size(), word.size() + 1));
    }
  }

  std::unordered_map<std::string_view, int> words_;
};

struct Counts {
  std::array<int, 3> words = {};
  int swedish_letters = 0;  // ä, ö
  int other_letters = 0;    // æ, ø
};

void count_word(Counts& counts, std::string_view word) {
  static const Evidence evidence;
  if (const int language = evidence.of_word(word); language >= 0)
    ++counts.words[static_cast<std::size_t>(language)];
  if (word.find("ä") != std::string_view::npos || word.find("ö") != std::string_view::npos)
    ++counts.swedish_letters;
  if (word.find("æ") != std::string_view::npos || word.find("ø") != std::string_view::npos)
    ++counts.other_letters;
}

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

// Lower case for ASCII and for the letters À to Þ, which is all these languages need.
char lowered(char c, char previous) {
  const auto byte = static_cast<unsigned char>(c);
  const bool upper_ascii = c >= 'A' && c <= 'Z';
  const bool upper_latin = previous == '\xC3' && byte >= 0x80 && byte <= 0x9E && byte != 0x97;
  return upper_ascii || upper_latin ? static_cast<char>(byte + 0x20) : c;
}

Counts count_words_of(std::string_view text) {
  Counts counts;
  std::string word;
  char previous = 0;
  for (const char c : text) {
    if (is_word_byte(c)) {
      word.push_back(lowered(c, previous));
    } else if (!word.empty()) {
      count_word(counts, word);
      word.clear();
    }
    previous = c;
  }
  if (!word.empty()) count_word(counts, word);
  return counts;
}

}  // namespace

std::string correct_scandinavian(std::string_view code, std::string_view text) {
  const Counts counts = count_words_of(text);
  std::array<int, 3> points = counts.words;
  points[kSwedish] += counts.other_letters == 0 ? counts.swedish_letters : 0;
  const bool not_swedish = counts.other_letters > 0 && counts.swedish_letters == 0;
  const auto given = static_cast<std::size_t>(std::find(kCodes.begin(), kCodes.end(), code) - kCodes.begin());
  if (given == kCodes.size() || points[given] > 0) return std::string(code);
  const auto best = static_cast<std::size_t>(std::max_element(points.begin(), points.end()) - points.begin());
  const int others = points[kSwedish] + points[kDanish] + points[kNorwegian] - points[best];
  if (points[best] > 0 && others == 0) return std::string(kCodes[best]);
  return given == kSwedish && not_swedish ? "no" : std::string(code);
}

}  // namespace gpt::text
