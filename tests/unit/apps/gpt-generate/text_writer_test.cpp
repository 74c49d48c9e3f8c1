#include "apps/gpt-generate/text_writer.hpp"

#include <filesystem>

#include <doctest/doctest.h>
#include <unistd.h>

#include "libcommon/io/byte_source.hpp"

namespace gpt::generate_tool {
namespace {

// Ids 0 ... 3: the end, "a", "b", and the first half of "å".
tokenizer::ByteLevelBpe vocabulary() {
  return tokenizer::ByteLevelBpe::parse_or_throw("v", R"({"<|endoftext|>":0,"a":1,"b":2,"Ã":3,"¥":4})", "m",
                                                 "#version: 0.2\n");
}

class Written {
 public:
  Written(OutputFormat format, Showing showing)
      : path_((std::filesystem::temp_directory_path() / ("gpt-text-writer-" + std::to_string(getpid())))
                  .string()),
        output_(path_, io::Existing::replace),
        writer_(output_, format, showing, vocabulary()) {}
  ~Written() { std::filesystem::remove(path_); }

  TextWriter& writer() { return writer_; }
  std::string text() {
    output_.commit_or_throw();
    return io::read_file_or_throw(path_);
  }

 private:
  std::string path_;
  io::OutputFile output_;
  TextWriter writer_;
};

using generate::StopReason;

TEST_CASE("texts are written in the order of their prompts, however they end") {
  Written written(OutputFormat::text, Showing::when_ended);
  for (std::uint64_t i = 0; i < 3; ++i)
    written.writer().begin_or_throw(i, {"p" + std::to_string(i), {1}, ""});
  written.writer().end_or_throw(2, {{1, 1}, StopReason::length});
  written.writer().end_or_throw(0, {{2}, StopReason::length});
  written.writer().begin_or_throw(3, {"", {0}, ""});
  written.writer().end_or_throw(3, {{}, StopReason::end_of_document});
  written.writer().end_or_throw(1, {{3, 4, 3}, StopReason::length});
  CHECK(written.text() == "p0b\n----------\np1å\uFFFD\n----------\np2aa\n----------\n\n");
}

TEST_CASE("a text that grows ends as one that was written at its end") {
  Written written(OutputFormat::text, Showing::as_it_grows);
  for (std::uint64_t i = 0; i < 2; ++i) {
    written.writer().begin_or_throw(i, {"p", {1}, ""});
    for (const std::int32_t token : {3, 4, 2, 3}) written.writer().token_or_throw(i, token);
    written.writer().end_or_throw(i, {{3, 4, 2, 3}, StopReason::length});
  }
  CHECK(written.text() == "påb\uFFFD\n----------\npåb\uFFFD\n");
}

TEST_CASE("records count tokens and say why a text ended") {
  Written written(OutputFormat::jsonl, Showing::when_ended);
  written.writer().begin_or_throw(0, {"a\n\"b\"", {1, 2, 2}, ""});
  written.writer().begin_or_throw(1, {"", {0}, ""});
  written.writer().end_or_throw(0, {{1, 2}, StopReason::end_of_document});
  written.writer().end_or_throw(1, {{1}, StopReason::positions});
  CHECK(written.text() ==
        "{\"text\":\"a\\n\\\"b\\\"ab\",\"length\":5,\"finished\":true,\"stop\":\"end_of_document\","
        "\"prompt\":\"a\\n\\\"b\\\"\",\"prompt_length\":3}\n"
        "{\"text\":\"a\",\"length\":1,\"finished\":false,\"stop\":\"positions\",\"prompt\":\"\",\"prompt_"
        "length\":0}\n");
}

}  // namespace
}  // namespace gpt::generate_tool
