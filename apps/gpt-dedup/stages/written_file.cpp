#include "apps/gpt-dedup/stages/written_file.hpp"

#include <filesystem>

#include <simdjson.h>

#include "apps/gpt-dedup/stages/section_file.hpp"
#include "apps/gpt-dedup/stages/section_header.hpp"
#include "libcommon/io/errors.hpp"

namespace gpt::dedup {
namespace {

constexpr std::string_view kKind = "GPTDWRI1";

}  // namespace

Settings WrittenHeader::settings() const { return {{"the kept file", in_hex(kept)}}; }

std::string written_file_name(const std::string& folder, const std::string& output) {
  return folder + "/" + std::filesystem::path(output).filename().string() + ".written";
}

void write_written_file_or_throw(const std::string& path, const WrittenHeader& header) {
  io::OutputFile output(path, io::Existing::replace);
  SectionWriter writer(output, kKind, "{\"kept\":" + std::to_string(header.kept) + "}");
  writer.finish();
  output.commit_or_throw();
}

WrittenHeader read_written_file_or_throw(const std::string& path, const std::string& output) {
  if (!std::filesystem::exists(path))
    throw io::DataError(output,
                        "is there already, but gpt-dedup filter did not make it of this folder: give --force "
                        "in place of --resume to make it again");
  const auto file = io::MappedFile::open_or_throw(path);
  SectionReader reader(file, kKind);
  reader.expect_end();
  return parsed_header_or_throw(
      reader, path, [](simdjson::dom::element json) { return WrittenHeader{std::uint64_t(json["kept"])}; });
}

}  // namespace gpt::dedup
