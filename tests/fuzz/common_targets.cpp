// What several tools read.
#include <memory>
#include <stdexcept>

#include "libcommon/io/compress.hpp"
#include "libcommon/io/decompress.hpp"
#include "libcommon/io/document.hpp"
#include "libcommon/io/errors.hpp"
#include "tests/fuzz/language_targets.hpp"
#include "tests/fuzz/sentence_targets.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/fuzz/token_targets.hpp"

namespace gpt::fuzz {
namespace {

// Promises of a parsed document: its record is the line, or that without earlier fields of the text's key;
// with another text it is the record up to its closing brace and parses to that text, and with the first text
// it is the first record again.
void check_document(const io::Document& document, const std::string& line) {
  io::DocumentParser parser;
  std::string written;
  io::Document changed = document;
  changed.text = "new \"text\"\n";
  io::append_json_record(written, changed);
  written.pop_back();
  io::Document again = parser.parse_or_throw(written, "written", 1);
  if (again.text != changed.text) throw std::logic_error("the text written is not the text read back");
  const std::string& record = document.record;
  if (record.size() >= line.size() && record != line) throw std::logic_error("the record is another line");
  const auto before = record.substr(0, document.value_begin);
  const auto after = record.substr(document.value_end, record.rfind('}') + 1 - document.value_end);
  if (!written.starts_with(before) || !written.ends_with(after)) {
    throw std::logic_error("bytes beside the text changed");
  }
  again.text = document.text;
  std::string restored;
  io::append_json_record(restored, again);
  restored.pop_back();
  if (parser.parse_or_throw(restored, "restored", 1).text != document.text) {
    throw std::logic_error("the first text did not come back");
  }
}

Target documents() {
  return {
      "documents",
      {R"({"text":"En vanlig rad.","url":"https:\/\/example.org\/a?b=c","n":[1,2.5e-3,null,true]})",
       R"({"meta":{"text":"inner","deep":[[{"a":"b"}]]},"text":"åäö \u00e5\ud83d\ude00\n\t\"quoted\"","lang":"sv"})",
       R"(  {"t\u0065xt" : "escaped key" , "text":"日本 العربية 😀" }  )",
       "{\"a\":\"" + std::string(300, 'x') + "\",\"text\":\"" + std::string(200, 'y') + "\"}",
       R"({"text":"","n":[123456789012345678901234567890,-1e400],"h":"\ud83d \udc00"})"},
      {"\"text\":",
       "\"text\":\"",
       "\\u",
       "\\ud83d",
       "\\ude00",
       "\"",
       "\\",
       "{",
       "}",
       "[",
       "]",
       ",",
       ":",
       "null",
       "1e999",
       "-",
       "\xff",
       "\xed\xa0\x80",
       "\xef\xbb\xbf",
       std::string(1, '\0'),
       std::string(64, '['),
       std::string(64, ' ')},
      [parser = std::make_shared<io::DocumentParser>()](const std::string& line) {
        io::Document document;
        try {
          document = parser->parse_or_throw(line, "fuzz", 1);
        } catch (const io::DataError&) {
          return false;
        }
        check_document(document, line);
        return true;
      }};
}

class BytesInMemory : public io::ByteSource {
 public:
  explicit BytesInMemory(const std::string& bytes) : ByteSource("fuzz"), bytes_(bytes) {}
  std::size_t read_or_throw(std::span<char> buffer) override {
    const std::size_t count = bytes_.copy(buffer.data(), buffer.size(), given_);
    given_ += count;
    return count;
  }

 private:
  const std::string& bytes_;
  std::size_t given_ = 0;
};

std::string compressed(io::Compression compression, const std::string& text) {
  const auto compressor = io::make_compressor(compression, "sample");
  std::string out;
  compressor->append(text, out);
  compressor->finish(out);
  return out;
}

Target decompressor(const std::string& name, io::Compression compression) {
  std::string varied;
  for (int i = 0; i < 400; ++i) varied += "line " + std::to_string(i * i % 977) + "\n";
  const std::string a = compressed(compression, "a few bytes");
  const std::string b = compressed(compression, varied);
  return {name,
          {a, b, a + b, compressed(compression, ""), compressed(compression, std::string(100000, 'z'))},
          {std::string("\0\0\0\0", 4), "\xff\xff\xff\xff", "\x1f\x8b\x08", "\x28\xb5\x2f\xfd",
           "\x50\x2a\x4d\x18", a},
          [compression](const std::string& bytes) {
            // what a few damaged bytes can expand to is unbounded; the reader streams, so a part of it is
            // enough
            constexpr std::size_t kEnough = std::size_t{8} << 20;
            const auto source = io::decompressed(compression, std::make_unique<BytesInMemory>(bytes));
            std::string buffer(10000, '\0');
            std::size_t total = 0;
            try {
              while (const std::size_t count = source->read_or_throw(buffer)) {
                total += count;
                if (total > kEnough) break;
              }
            } catch (const io::DataError&) {
              return false;
            }
            return true;
          }};
}

}  // namespace

std::vector<Target> all_targets() {
  std::vector<Target> targets = {documents(), decompressor("gzip", io::Compression::gzip),
                                 decompressor("zstd", io::Compression::zstd)};
  for (Target& target : language_targets()) targets.push_back(std::move(target));
  for (Target& target : sentence_targets()) targets.push_back(std::move(target));
  for (Target& target : token_targets()) targets.push_back(std::move(target));
  return targets;
}

}  // namespace gpt::fuzz
