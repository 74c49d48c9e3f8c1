#include "apps/gpt-dedup/stages/pair_file.hpp"

#include <algorithm>

#include <simdjson.h>

#include "apps/gpt-dedup/stages/section_file.hpp"
#include "apps/gpt-dedup/stages/section_header.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::dedup {
namespace {

constexpr std::string_view kKind = "GPTDPAI2";

std::string header_json(const PairHeader& header) {
  const auto field = [](const char* name, std::uint64_t value) {
    return "\"" + std::string(name) + "\":" + std::to_string(value) + ",";
  };
  return "{" + field("rank", static_cast<std::uint64_t>(header.shard.rank)) +
         field("world", static_cast<std::uint64_t>(header.shard.world)) +
         field("verify", std::uint64_t{header.verify == Verify::shingles}) +
         field("documents", header.documents) + field("corpus", header.corpus) +
         field("equals", header.equals) + field("similar", header.similar) +
         "\"threshold\":" + io::json_number(header.threshold) + "}";
}

PairHeader header_of(simdjson::dom::element json) {
  const auto number = [&](const char* name) { return std::uint64_t(json[name]); };
  PairHeader header;
  header.shard = {static_cast<int>(number("rank")), static_cast<int>(number("world"))};
  header.verify = number("verify") != 0 ? Verify::shingles : Verify::signatures;
  header.documents = number("documents");
  header.corpus = number("corpus");
  header.equals = number("equals");
  header.similar = number("similar");
  header.threshold = double(json["threshold"]);
  return header;
}

}  // namespace

void write_pair_file_or_throw(io::OutputFile& output, PairHeader header, std::span<const EqualPair> equals,
                              std::span<const EqualPair> similar) {
  header.equals = equals.size();
  header.similar = similar.size();
  SectionWriter writer(output, kKind, header_json(header));
  writer.section(equals);
  writer.section(similar);
  writer.finish();
}

PairFile PairFile::open_or_throw(const std::string& path) {
  PairFile result(io::MappedFile::open_or_throw(path));
  SectionReader reader(result.file_, kKind);
  result.header_ = parsed_header_or_throw(reader, path, header_of);
  result.equals_ = reader.section<EqualPair>(result.header_.equals);
  result.similar_ = reader.section<EqualPair>(result.header_.similar);
  reader.expect_end();
  const auto checksums = reader.checksums();
  verify_section_or_throw(result.file_, std::as_bytes(result.equals_), checksums[0]);
  verify_section_or_throw(result.file_, std::as_bytes(result.similar_), checksums[1]);
  for (const auto pairs : {result.equals_, result.similar_})
    for (const EqualPair& pair : pairs)
      if (std::max(pair.first, pair.later) >= result.header_.documents)
        throw io::DataError(path, "names a document beyond the last: run gpt-dedup pairs again");
  return result;
}

}  // namespace gpt::dedup
