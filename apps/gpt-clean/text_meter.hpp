#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/gpt-clean/sentence_splitters.hpp"
#include "apps/gpt-clean/statistics.hpp"
#include "libcommon/io/document.hpp"
#include "libcommon/text/language.hpp"
#include "libcommon/tokenizer/tokenizer.hpp"

namespace gpt::clean {

// By what documents are grouped: the value of a field, or the host of the URL that it holds.
struct SourceField {
  std::string field;
  bool host = false;

  // "url:host" or "source".
  static SourceField parse(const std::string& text);
  // The group of a document; "(none)" where it has no such field. parser: one to use, whatever it read last.
  std::string group_of(io::DocumentParser& parser, const io::Document& document) const;
};

// Measures documents. One meter a thread.
class TextMeter {
 public:
  // language: of all documents; empty: each document's is identified, where the build can.
  // tokenizer: whose tokens are counted; none: they are not.
  explicit TextMeter(std::string language, std::shared_ptr<const tokenizer::Tokenizer> tokenizer = nullptr);

  // source: the document's group, if it is to be counted by that.
  void measure(std::string_view text, const std::optional<std::string>& source, Statistics& statistics);

 private:
  std::uint64_t tokens_of(std::string_view text);

  std::string language_;
  std::optional<text::LanguageIdentifier> identifier_;
  SentenceSplitters splitters_;
  std::shared_ptr<const tokenizer::Tokenizer> tokenizer_;
  std::unique_ptr<tokenizer::TextEncoder> encoder_;
  std::vector<tokenizer::TokenId> ids_;
};

}  // namespace gpt::clean
