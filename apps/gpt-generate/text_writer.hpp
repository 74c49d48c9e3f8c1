#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "apps/gpt-generate/options.hpp"
#include "apps/gpt-generate/prompt_source.hpp"
#include "apps/gpt-generate/utf8_stream.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/tokenizer/byte_level_bpe.hpp"
#include "libgpt/generate/generator.hpp"

namespace gpt::generate_tool {

// Whether a text is shown while it grows (one text at a time, format text) or once it has ended.
enum class Showing { as_it_grows, when_ended };

// Writes texts in the order of their prompts, whatever the order in which they end. Those that end early wait
// in memory for those before them.
//   text:  the prompt and what follows it; a line of ten hyphens between texts
//   jsonl: {"text","length","finished","stop","prompt","prompt_length"} a line
class TextWriter {
 public:
  TextWriter(io::OutputFile& output, OutputFormat format, Showing showing,
             tokenizer::ByteLevelBpe vocabulary);

  void begin_or_throw(std::uint64_t text, Prompt prompt);
  void token_or_throw(std::uint64_t text, std::int32_t token);
  void end_or_throw(std::uint64_t text, const generate::Completion& completion);

 private:
  struct Text {
    Prompt prompt;
    std::string finished;  // what is to be written, once it has ended
  };

  std::string rendered(const Prompt& prompt, const generate::Completion& completion) const;
  std::string decoded(const std::vector<std::int32_t>& tokens) const;
  void write_finished_or_throw();

  io::OutputFile& output_;
  OutputFormat format_;
  Showing showing_;
  tokenizer::ByteLevelBpe vocabulary_;
  Utf8Stream stream_;
  std::map<std::uint64_t, Text> texts_;  // not yet written
  std::uint64_t next_ = 0;               // to be written
};

}  // namespace gpt::generate_tool
