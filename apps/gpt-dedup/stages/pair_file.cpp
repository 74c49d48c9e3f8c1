#include "apps/gpt-dedup/stages/pair_file.hpp"

#include <algorithm>

#include <simdjson.h>

#include "apps/gpt-dedup/stages/section_file.hpp"
#include "apps/gpt-dedup/stages/section_header.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::dedup {
namespace {

constexpr std::string_view kKind = "GPTDPAI3";

std::string header_json(const PairHeader& header) {
  const auto field = [](const char* name, std::uint64_t value) {
    return "\"" + std::string(name) + "\":" + std::to_string(value) + ",";
  };
  return "{" + field("rank", static_cast<std::uint64_t>(header.shard.rank)) +
         field("world", static_cast<std::uint64_t>(header.shard.world)) +
         field("verify", std::uint64_t{header.verify == Verify::shingles}) +
         field("documents", header.documents) + field("corpus", header.corpus) +
         field("all_pairs", std::uint64_t{header.listing == Listing::all_pairs}) +
         field("compared", header.compared) + field("equals", header.equals) +
         field("similar", header.similar) + field("listed", header.listed) +
         "\"threshold\":" + io::json_number(header.threshold) + "}";
}

PairHeader header_of(simdjson::dom::element json) {
  const auto number = [&](const char* name) { return std::uint64_t(json[name]); };
  PairHeader header;
  header.shard = {static_cast<int>(number("rank")), static_cast<int>(number("world"))};
  header.verify = number("verify") != 0 ? Verify::shingles : Verify::signatures;
  header.documents = number("documents");
  header.corpus = number("corpus");
  header.listing = number("all_pairs") != 0 ? Listing::all_pairs : Listing::none;
  header.compared = number("compared");
  header.equals = number("equals");
  header.similar = number("similar");
  header.listed = number("listed");
  header.threshold = double(json["threshold"]);
  return header;
}

}  // namespace

Settings PairHeader::settings() const {
  return {{"--threshold", io::json_number(threshold)},
          {"the check", verify == Verify::shingles ? "--verify" : "--no-verify"},
          {"--all-pairs", listing == Listing::all_pairs ? "true" : "false"},
          {"the signature files", in_hex(corpus)}};
}

void write_pair_file_or_throw(io::OutputFile& output, PairHeader header, const FoundPairs& pairs) {
  header.equals = pairs.equals.size();
  header.similar = pairs.similar.size();
  header.listed = pairs.listed.size();
  SectionWriter writer(output, kKind, header_json(header));
  writer.section(pairs.equals);
  writer.section(pairs.similar);
  writer.section(pairs.listed);
  writer.finish();
}

PairFile PairFile::open_or_throw(const std::string& path) {
  PairFile result(io::MappedFile::open_or_throw(path));
  SectionReader reader(result.file_, kKind);
  const PairHeader& header = result.header_ = parsed_header_or_throw(reader, path, header_of);
  result.fingerprint_ = reader.fingerprint();
  FoundPairs& pairs = result.pairs_;
  pairs.equals = reader.section<EqualPair>(header.equals);
  pairs.similar = reader.section<EqualPair>(header.similar);
  pairs.listed = reader.section<ListedPair>(header.listed);
  reader.expect_end();
  const auto checksums = reader.checksums();
  verify_section_or_throw(result.file_, std::as_bytes(pairs.equals), checksums[0]);
  verify_section_or_throw(result.file_, std::as_bytes(pairs.similar), checksums[1]);
  verify_section_or_throw(result.file_, std::as_bytes(pairs.listed), checksums[2]);
  const auto check_or_throw = [&](const auto& list) {
    for (const auto& pair : list)
      if (std::max(pair.first, pair.later) >= header.documents)
        throw io::DataError(path, "names a document beyond the last: run gpt-dedup pairs again");
  };
  check_or_throw(pairs.equals);
  check_or_throw(pairs.similar);
  check_or_throw(pairs.listed);
  return result;
}

}  // namespace gpt::dedup
