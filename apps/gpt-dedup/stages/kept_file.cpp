#include "apps/gpt-dedup/stages/kept_file.hpp"

#include "apps/gpt-dedup/stages/section_file.hpp"
#include "libcommon/io/errors.hpp"

namespace gpt::dedup {
namespace {

constexpr std::string_view kKind = "GPTDKEP2";

std::string header_json(std::uint64_t documents, std::uint64_t corpus) {
  return "{\"documents\":" + std::to_string(documents) + ",\"corpus\":" + std::to_string(corpus) + "}";
}

}  // namespace

void write_kept_file_or_throw(io::OutputFile& output, const std::vector<bool>& kept, std::uint64_t corpus) {
  std::vector<std::uint8_t> bytes((kept.size() + 7) / 8);
  for (std::size_t i = 0; i < kept.size(); ++i)
    if (kept[i]) bytes[i / 8] = static_cast<std::uint8_t>(bytes[i / 8] | 1U << i % 8);
  SectionWriter writer(output, kKind, header_json(kept.size(), corpus));
  writer.section(std::span<const std::uint8_t>(bytes));
  writer.finish();
}

std::vector<bool> read_kept_file_or_throw(const std::string& path, std::uint64_t documents,
                                          std::uint64_t corpus) {
  const auto file = io::MappedFile::open_or_throw(path);
  SectionReader reader(file, kKind);
  const std::string header = header_json(documents, corpus);
  if (!reader.header().starts_with(header))
    throw io::DataError(path,
                        "was made of other signature files than those that lie beside it: run gpt-dedup "
                        "pairs and groups again");
  const auto bytes = reader.section<std::uint8_t>((documents + 7) / 8);
  reader.expect_end();
  verify_section_or_throw(file, std::as_bytes(bytes), reader.checksums()[0]);
  std::vector<bool> kept(documents);
  for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = (bytes[i / 8] >> i % 8 & 1U) != 0;
  return kept;
}

}  // namespace gpt::dedup
