#include "apps/gpt-dedup/kept_file.hpp"

#include "apps/gpt-dedup/section_file.hpp"

namespace gpt::dedup {
namespace {

constexpr std::string_view kKind = "GPTDKEP1";

std::string header_json(std::uint64_t documents) {
  return "{\"documents\":" + std::to_string(documents) + "}";
}

}  // namespace

void write_kept_file_or_throw(io::OutputFile& output, const std::vector<bool>& kept) {
  std::vector<std::uint8_t> bytes((kept.size() + 7) / 8);
  for (std::size_t i = 0; i < kept.size(); ++i)
    if (kept[i]) bytes[i / 8] = static_cast<std::uint8_t>(bytes[i / 8] | 1U << i % 8);
  SectionWriter writer(output, kKind, header_json(kept.size()));
  writer.section(std::span<const std::uint8_t>(bytes));
}

std::vector<bool> read_kept_file_or_throw(const std::string& path, std::uint64_t documents) {
  const auto file = io::MappedFile::open_or_throw(path);
  SectionReader reader(file, kKind);
  const std::string header = header_json(documents);
  if (!reader.header().starts_with(header))
    throw io::DataError(path, "is not of the " + std::to_string(documents) +
                                  " documents of the signature files: run gpt-dedup groups again");
  const auto bytes = reader.section<std::uint8_t>((documents + 7) / 8);
  reader.expect_end();
  std::vector<bool> kept(documents);
  for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = (bytes[i / 8] >> i % 8 & 1U) != 0;
  return kept;
}

}  // namespace gpt::dedup
