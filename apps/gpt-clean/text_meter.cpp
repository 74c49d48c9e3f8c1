#include "apps/gpt-clean/text_meter.hpp"

#include <algorithm>

#include "libcommon/text/utf8.hpp"
#include "libcommon/text/whitespace.hpp"

namespace gpt::clean {
namespace {

constexpr std::string_view kHostSuffix = ":host";

// "www.example.org" of "https://me@www.example.org:443/a"; the whole where that is no URL.
std::string host_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return std::string(url);
  url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  url.remove_prefix(url.find('@') == std::string_view::npos ? 0 : url.rfind('@') + 1);
  const auto port = url.rfind(':');
  if (port != std::string_view::npos && url.find(']', port) == std::string_view::npos)
    url = url.substr(0, port);
  std::string host(url);
  std::transform(host.begin(), host.end(), host.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return host;
}

}  // namespace

SourceField SourceField::parse(const std::string& text) {
  if (!text.ends_with(kHostSuffix)) return {text, false};
  return {text.substr(0, text.size() - kHostSuffix.size()), true};
}

std::string SourceField::group_of(io::DocumentParser& parser, const io::Document& document) const {
  if (document.record.empty()) return "(none)";
  parser.parse_or_throw(document.record, "record", 1);
  const auto value = parser.string_field(field);
  if (!value) return "(none)";
  return host ? host_of(*value) : *value;
}

TextMeter::TextMeter(std::string language, std::shared_ptr<const tokenizer::Tokenizer> tokenizer)
    : language_(std::move(language)), tokenizer_(std::move(tokenizer)) {
  if (tokenizer_) encoder_ = std::make_unique<tokenizer::TextEncoder>(tokenizer_->make_encoder());
  if (language_.empty() && text::LanguageIdentifier::available()) identifier_.emplace();
}

std::uint64_t TextMeter::tokens_of(std::string_view text) {
  ids_.clear();
  encoder_->append_or_throw(text, ids_);
  return ids_.size();
}

void TextMeter::measure(std::string_view text, const std::optional<std::string>& source,
                        Statistics& statistics) {
  const std::string language = identifier_ ? identifier_->identify(text).code : language_;
  Share share{1, text::count_code_points(text), 0};
  Figures document;
  for (const std::string_view sentence : splitters_.of(language).split(text)) {
    const std::uint64_t words = text::count_words(sentence);
    document.characters_per_sentence.add(text::count_code_points(sentence));
    document.words_per_sentence.add(words);
    if (encoder_) document.tokens_per_sentence.add(tokens_of(sentence));
    share.words += words;
  }
  document.bytes = text.size();
  if (encoder_) document.tokens_per_document.add(tokens_of(text));
  document.characters_per_document.add(share.characters);
  document.words_per_document.add(share.words);
  document.sentences_per_document.add(document.characters_per_sentence.count());
  if (!language.empty()) document.languages[language] = share;
  statistics.Figures::absorb(document);
  if (source) statistics.sources.of(*source).absorb(document);
}

}  // namespace gpt::clean
