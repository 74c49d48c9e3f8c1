#include "tests/fuzz/token_targets.hpp"

#include <memory>
#include <numeric>
#include <stdexcept>

#include "libcommon/dataset/indexed_dataset.hpp"
#include "libcommon/dataset/indexed_dataset_writer.hpp"
#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/tokenizer/encoder.hpp"
#include "tests/fuzz/scratch_folder.hpp"

namespace gpt::fuzz {
namespace {

constexpr const char* kVocabulary =
    R"({"<|endoftext|>":0,"a":1,"b":2,"c":3,"\u0120":4,"ab":5,"abc":6,"\u0120abc":7,"[two words]":8})";
constexpr const char* kMerges = "#version: 0.2\na b\nab c\n\u0120 abc\n";

// Promises of a vocabulary that was accepted: every token has bytes, and what it encodes decodes to itself.
void check_vocabulary(const tokenizer::ByteLevelBpe& vocabulary) {
  for (tokenizer::TokenId id = 0; id < vocabulary.vocabulary_size(); ++id) {
    if (vocabulary.token(id).empty()) continue;  // a tokenizer.json may leave ids out
    if (vocabulary.token_id(vocabulary.token(id)) != id)
      throw std::logic_error("a token does not have its own id");
  }
  tokenizer::Encoder encoder(vocabulary);
  const std::string text = "abcab abc  ab" + std::string(200, 'a') + "bcabc";
  try {
    if (vocabulary.decode_or_throw(encoder.encode_or_throw(text)) != text)
      throw std::logic_error("a text was not decoded to itself");
  } catch (const tokenizer::UnknownByte&) {
    return;  // a damaged vocabulary may lack a byte
  }
}

bool read_vocabulary(const std::string& json, const std::string& merges) {
  try {
    check_vocabulary(tokenizer::ByteLevelBpe::parse_or_throw("vocab", json, "merges", merges));
  } catch (const io::DataError&) {
    return false;
  }
  return true;
}

Target vocabulary() {
  return {
      "vocabulary",
      {kVocabulary, R"({"a":0})", R"( { "b" : 1 , "a" : 0 } )"},
      {"\"a\":0", ",", ":", "{", "}", "\"\"", "\\u0120", "\\ud800", "-1", "18446744073709551616", "1e3",
       "null", "\xff"},
      [](const std::string& json) { return read_vocabulary(json, kMerges) || read_vocabulary(json, ""); }};
}

Target merges() {
  return {"merges",
          {kMerges, "a b\r\nab c\r\n\u0120 abc\r\n", std::string(kMerges) + "\n"},
          {"\n", " ", "\r", "#version", "a b\n", "ab c\n", "\u0120", "\xff", std::string(1, '\0')},
          [](const std::string& text) { return read_vocabulary(kVocabulary, text); }};
}

Target tokenizer_json() {
  constexpr const char* kFile =
      R"({"added_tokens":[{"id":7,"content":"<e>","special":true,"normalized":false}],)"
      R"("normalizer":{"type":"NFC"},"pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":)"
      R"({"Regex":"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|)"
      R"(\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"},"behavior":"Isolated","invert":false},{"type":"ByteLevel",)"
      R"("add_prefix_space":false,"use_regex":false}]},"model":{"type":"BPE","ignore_merges":true,)"
      R"("vocab":{"a":0,"b":1,"c":2,"\u0120":3,"ab":4,"abc":5,"\u0120abc":6},"merges":["a b",["ab","c"]]}})";
  return {
      "tokenizer_json",
      {kFile},
      {"{", "}", "[", "]", ":", ",", "null", "true", "false", "\"id\":", "\"a\"", "-1", "1e3",
       "18446744073709551615", "\"ByteLevel\"", "\"Split\"", "\"vocab\"", "\\u0120", "\xff"},
      [](const std::string& json) {
        try {
          check_vocabulary(tokenizer::ByteLevelBpe::parse_tokenizer_json_or_throw("tokenizer.json", json));
        } catch (const io::DataError&) {
          return false;
        }
        return true;
      }};
}

// A dataset of 32 bytes of tokens whose index is damaged.
class DatasetFolder {
 public:
  DatasetFolder() {
    dataset::IndexedDatasetWriter writer(prefix(), dataset::TokenType::u16);
    std::vector<std::uint32_t> ids(16);
    std::iota(ids.begin(), ids.end(), 0U);
    const std::span<const std::uint32_t> all = ids;
    writer.add_sequence_or_throw(all.first(5));
    writer.add_sequence_or_throw(all.subspan(5, 0));
    writer.end_document();
    writer.end_document();
    writer.add_sequence_or_throw(all.subspan(5));
    writer.end_document();
    writer.commit_or_throw();
  }

  std::string prefix() const { return folder_.path("d"); }
  std::string index() const { return io::read_file_or_throw(prefix() + ".idx"); }
  void write_index(const std::string& bytes) const { folder_.write("d.idx", bytes); }

 private:
  ScratchFolder folder_;
};

// Promises of an index that was accepted: every sequence can be read, and documents cover them in order.
void check_dataset(const dataset::IndexedDataset& data) {
  std::uint64_t tokens = 0;
  for (std::size_t i = 0; i < data.sequences(); ++i) {
    std::vector<std::int32_t> ids(data.size(i));
    data.copy_tokens(i, 0, ids);
    tokens += ids.size();
  }
  const auto index = data.document_index();
  if (index[0] != 0 || index[data.documents()] != static_cast<std::int64_t>(data.sequences()))
    throw std::logic_error("the documents do not cover the sequences");
  for (std::size_t d = 0; d < data.documents(); ++d) {
    if (index[d] > index[d + 1]) throw std::logic_error("the document index falls");
  }
  if (data.sequences() > 0 && tokens == 0) throw std::logic_error("the tokens are lost");
}

Target index() {
  const auto folder = std::make_shared<DatasetFolder>();
  return {"index",
          {folder->index()},
          {std::string(8, '\0'), std::string(4, '\xff'), std::string(8, '\xff'), std::string("\1\0\0\0", 4),
           std::string("MMIDIDX\0\0", 9), std::string("\0\0\0\x80", 4)},
          [folder](const std::string& bytes) {
            folder->write_index(bytes);
            try {
              check_dataset(dataset::IndexedDataset::open_or_throw(folder->prefix()));
            } catch (const io::DataError&) {
              return false;
            }
            return true;
          }};
}

}  // namespace

std::vector<Target> token_targets() { return {vocabulary(), merges(), tokenizer_json(), index()}; }

}  // namespace gpt::fuzz
