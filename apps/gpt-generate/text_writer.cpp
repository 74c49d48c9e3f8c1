#include "apps/gpt-generate/text_writer.hpp"

#include <utility>

#include "libcommon/io/json_text.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::generate_tool {
namespace {

constexpr std::string_view kBetweenTexts = "----------\n";

}  // namespace

TextWriter::TextWriter(io::OutputFile& output, OutputFormat format, Showing showing,
                       tokenizer::ByteLevelBpe vocabulary)
    : output_(output), format_(format), showing_(showing), vocabulary_(std::move(vocabulary)) {}

void TextWriter::begin_or_throw(std::uint64_t text, Prompt prompt) {
  if (showing_ == Showing::as_it_grows) {
    if (text > 0) output_.write_or_throw(kBetweenTexts);
    output_.write_or_throw(prompt.text);
    output_.flush_or_throw();
  }
  texts_[text].prompt = std::move(prompt);
}

void TextWriter::token_or_throw(std::uint64_t, std::int32_t token) {
  if (showing_ != Showing::as_it_grows) return;
  const auto complete = stream_.push(vocabulary_.token_bytes(static_cast<tokenizer::TokenId>(token)));
  if (complete.empty()) return;
  output_.write_or_throw(complete);
  output_.flush_or_throw();
}

void TextWriter::end_or_throw(std::uint64_t text, const generate::Completion& completion) {
  if (showing_ == Showing::as_it_grows) {
    output_.write_or_throw(stream_.finish() + "\n");
    output_.flush_or_throw();
    texts_.erase(text);
    return;
  }
  auto& ended = texts_.at(text);
  ended.finished = rendered(ended.prompt, completion);
  write_finished_or_throw();
}

void TextWriter::write_finished_or_throw() {
  bool any = false;
  for (auto first = texts_.begin(); first != texts_.end() && !first->second.finished.empty();
       first = texts_.begin()) {
    if (format_ == OutputFormat::text && next_ > 0) output_.write_or_throw(kBetweenTexts);
    output_.write_or_throw(first->second.finished);
    texts_.erase(first);
    ++next_;
    any = true;
  }
  if (any) output_.flush_or_throw();
}

std::string TextWriter::decoded(const std::vector<std::int32_t>& tokens) const {
  std::string bytes;
  for (const auto token : tokens) bytes += vocabulary_.token_bytes(static_cast<tokenizer::TokenId>(token));
  return text::repair_utf8(bytes);
}

std::string TextWriter::rendered(const Prompt& prompt, const generate::Completion& completion) const {
  const std::string text = prompt.text + decoded(completion.tokens);
  if (format_ == OutputFormat::text) return text + "\n";
  // A text that begins with nothing has no prompt, though the model read the end-of-document token.
  const std::size_t prompt_length = prompt.text.empty() ? 0 : prompt.tokens.size();
  std::string line = "{\"text\":";
  io::append_json_string(line, text);
  line += ",\"length\":" + std::to_string(prompt_length + completion.tokens.size());
  line +=
      completion.stop == generate::StopReason::end_of_document ? ",\"finished\":true" : ",\"finished\":false";
  line += ",\"stop\":\"" + std::string(name_of(completion.stop)) + "\",\"prompt\":";
  io::append_json_string(line, prompt.text);
  return line + ",\"prompt_length\":" + std::to_string(prompt_length) + "}\n";
}

}  // namespace gpt::generate_tool
