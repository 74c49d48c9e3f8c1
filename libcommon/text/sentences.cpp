#include "libcommon/text/sentences.hpp"

#include "libcommon/text/icu_sentences.hpp"
#include "libcommon/text/sentence_rules.hpp"
#include "libcommon/text/utf8.hpp"
#include "libcommon/text/whitespace.hpp"

namespace gpt::text {
namespace {

bool is_blank(char32_t point) { return is_space(point) || is_line_end(point); }

// The text without the white space at its ends.
std::string_view stripped(std::string_view text) {
  std::size_t begin = text.size();
  std::size_t end = 0;
  for_each_code_point(text, [&](char32_t point, std::size_t at, std::size_t length) {
    if (is_blank(point)) return;
    if (begin == text.size()) begin = at;
    end = at + length;
  });
  return end == 0 ? std::string_view() : text.substr(begin, end - begin);
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

  std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> sentences;
    std::size_t begin = 0;
    for (const std::size_t end :
         prefixes_ ? sentence_ends_by_rules(text, *prefixes_, newlines_) : icu_->ends(text)) {
      append(sentences, text.substr(begin, end - begin));
      begin = end;
    }
    return sentences;
  }

 private:
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

  Newlines newlines_;
  std::optional<PrefixList> prefixes_;
  std::optional<IcuSentences> icu_;
};

SentenceSplitter::SentenceSplitter(const std::string& language, Newlines newlines)
    : SentenceSplitter(language, newlines, find_prefix_list(language)) {}
SentenceSplitter::SentenceSplitter(const std::string& language, Newlines newlines,
                                   std::optional<PrefixList> prefixes)
    : body_(std::make_unique<Body>(language, newlines, std::move(prefixes))) {}
SentenceSplitter::~SentenceSplitter() = default;
SentenceSplitter::SentenceSplitter(SentenceSplitter&&) noexcept = default;

std::vector<std::string_view> SentenceSplitter::split(std::string_view text) { return body_->split(text); }

}  // namespace gpt::text
