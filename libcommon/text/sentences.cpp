#include "libcommon/text/sentences.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "libcommon/text/icu_sentences.hpp"
#include "libcommon/text/sentence_rules.hpp"
#include "libcommon/text/utf8.hpp"
#include "libcommon/text/word_form.hpp"

namespace gpt::text {
namespace {

// The text without the white space at its ends. Looks at these alone, so that long texts cost nothing.
std::string_view stripped(std::string_view text) {
  while (!text.empty()) {
    const DecodedPoint first = decode_utf8(text);
    if (!is_blank(first.point)) break;
    text.remove_prefix(first.length);
  }
  while (!text.empty()) {
    std::size_t last = text.size() - 1;
    while (last > 0 && (static_cast<unsigned char>(text[last]) & 0xC0u) == 0x80) --last;
    if (!is_blank(decode_utf8(text.substr(last)).point)) break;
    text = text.substr(0, last);
  }
  return text;
}

void append_stripped(std::vector<std::string_view>& sentences, std::string_view piece) {
  if (const std::string_view sentence = stripped(piece); !sentence.empty()) sentences.push_back(sentence);
}

}  // namespace

class SentenceSplitter::Body {
 public:
  Body(const std::string& language, Newlines newlines, std::optional<PrefixList> prefixes)
      : newlines_(newlines), prefixes_(std::move(prefixes)) {
    if (!prefixes_) icu_.emplace(language);
  }
  // At line ends alone.
  Body() = default;

  std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> sentences;
    std::size_t begin = 0;
    for (const std::size_t end : ends(text)) {
      append(sentences, text.substr(begin, end - begin));
      begin = end;
    }
    return sentences;
  }

 private:
  std::vector<std::size_t> ends(std::string_view text) {
    if (prefixes_) return sentence_ends_by_rules(text, *prefixes_, newlines_);
    return icu_ ? icu_->ends(text) : std::vector<std::size_t>{text.size()};
  }

  // ICU ends a sentence at some line ends and not at others, so the choice is applied to its pieces.
  void append(std::vector<std::string_view>& sentences, std::string_view piece) const {
    if (newlines_ == Newlines::end_sentences) {
      for (std::size_t end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
        append_stripped(sentences, piece.substr(0, end));
        piece.remove_prefix(end + 1);
      }
    }
    append_stripped(sentences, piece);
  }

  Newlines newlines_ = Newlines::end_sentences;
  std::optional<PrefixList> prefixes_;
  std::optional<IcuSentences> icu_;
};

SentenceSplitter::SentenceSplitter(const std::string& language, Newlines newlines)
    : SentenceSplitter(language, newlines, find_prefix_list(language)) {}
SentenceSplitter::SentenceSplitter(const std::string& language, Newlines newlines,
                                   std::optional<PrefixList> prefixes)
    : body_(std::make_unique<Body>(language, newlines, std::move(prefixes))) {}
SentenceSplitter::SentenceSplitter(SentenceMode mode, const std::string& language, Newlines newlines)
    : body_(mode == SentenceMode::newline ? std::make_unique<Body>()
            : mode == SentenceMode::icu
                ? std::make_unique<Body>(language, newlines, std::nullopt)
                : std::make_unique<Body>(language, newlines, find_prefix_list(language))) {}
SentenceSplitter::~SentenceSplitter() = default;
SentenceSplitter::SentenceSplitter(SentenceSplitter&&) noexcept = default;

std::vector<std::string_view> SentenceSplitter::split(std::string_view text, Surroundings surroundings) {
  std::vector<std::string_view> sentences = body_->split(text);
  if (surroundings == Surroundings::stripped) return sentences;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    const char* const begin = i == 0 ? text.data() : sentences[i].data();
    const char* const end = i + 1 == sentences.size() ? text.data() + text.size() : sentences[i + 1].data();
    sentences[i] = {begin, static_cast<std::size_t>(end - begin)};
  }
  return sentences;
}

std::optional<std::string> language_code_of_name(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 20> kNames = {{
      {"english", "en"},    {"swedish", "sv"}, {"danish", "da"},  {"norwegian", "nb"}, {"nynorsk", "nn"},
      {"finnish", "fi"},    {"german", "de"},  {"dutch", "nl"},   {"french", "fr"},    {"spanish", "es"},
      {"portuguese", "pt"}, {"italian", "it"}, {"polish", "pl"},  {"czech", "cs"},     {"estonian", "et"},
      {"greek", "el"},      {"turkish", "tr"}, {"russian", "ru"}, {"slovene", "sl"},   {"icelandic", "is"},
  }};
  for (const auto& [known, code] : kNames) {
    if (known == name) return std::string(code);
  }
  const bool is_code = (name.size() == 2 || name.size() == 3) &&
                       std::all_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (name == "no") return "nb";
  return is_code ? std::optional(std::string(name)) : std::nullopt;
}

}  // namespace gpt::text
