#include "apps/gpt-crawl/html_files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "apps/gpt-crawl/extract/page.hpp"
#include "apps/gpt-crawl/extract/page_tree.hpp"
#include "apps/gpt-crawl/frontier/percent_encoding.hpp"
#include "apps/gpt-crawl/page_record.hpp"
#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/file_name.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/progress.hpp"
#include "libcommon/threads/ordered_pipeline.hpp"

namespace gpt::crawl {
namespace {

namespace fs = std::filesystem;

bool is_html_name(std::string_view name) {
  name = io::without_compression(name);
  return io::name_ends_with(name, ".html") || io::name_ends_with(name, ".htm") ||
         io::name_ends_with(name, ".xhtml");
}

std::vector<std::string> html_files_below(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code error;
  fs::recursive_directory_iterator walk(folder, error);
  while (!error && walk != fs::recursive_directory_iterator()) {
    if (walk->is_regular_file(error) && is_html_name(walk->path().filename().string()))
      found.push_back(walk->path().string());
    if (!error) walk.increment(error);
  }
  if (error) throw io::IoError(folder, "cannot list", error.value());
  if (found.empty()) throw io::IoError(folder, "holds no .html, .htm or .xhtml file", 0);
  std::sort(found.begin(), found.end());
  return found;
}

// The content of a file; empty when it is longer than max_bytes.
std::optional<std::string> read_at_most(const std::string& path, std::uint64_t max_bytes) {
  const auto source = io::open_input_or_throw(path);
  std::string content;
  std::array<char, 65536> buffer;
  while (const auto count = source->read_or_throw(buffer)) {
    if (content.size() + count > max_bytes) return std::nullopt;
    content.append(buffer.data(), count);
  }
  return content;
}

struct Extracted {
  std::string record;
  std::string skipped;  // the reason, where there is no record
  std::size_t bytes = 0;
  std::size_t text_bytes = 0;
};

Extracted extract_file(const std::string& path, std::uint64_t max_bytes) {
  Extracted result;
  const auto content = read_at_most(path, max_bytes);
  if (!content) {
    result.skipped = reason::kTooLarge;
    return result;
  }
  result.bytes = content->size();
  try {
    const Page page = extract_page(*content);
    if (page.text.empty()) {
      result.skipped = reason::kNoText;
      return result;
    }
    const auto canonical = Url::parse(page.canonical);
    append_page_record(result.record, page, {canonical ? canonical->text() : file_url(path), {}, {}});
    result.text_bytes = page.text.size();
  } catch (const UnreadablePage& error) {
    result.skipped = error.what();
  }
  return result;
}

}  // namespace

std::vector<std::string> list_html_files_or_throw(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const auto& path : paths) {
    std::error_code error;
    const auto status = fs::status(path, error);
    if (path != "-" && !fs::exists(status))
      throw io::IoError(path, "cannot open", error ? error.value() : ENOENT);
    if (fs::is_directory(status)) {
      const auto below = html_files_below(path);
      files.insert(files.end(), below.begin(), below.end());
    } else {
      files.push_back(path);
    }
  }
  return files;
}

std::string file_url(const std::string& path) {
  if (path == "-") return "file:///dev/stdin";
  std::string escaped;
  for (const char c : fs::absolute(path).lexically_normal().string()) {
    if (c == '%')
      escaped += "%25";
    else if (c == '?')
      escaped += "%3F";
    else if (c == '#')
      escaped += "%23";
    else
      escaped += c;
  }
  return "file://" + normalised_percent_encoding(escaped);
}

RunCounts extract_html_files(const Options& options) {
  const auto files = list_html_files_or_throw(options.inputs);
  io::OutputFile output(options.output, options.existing());
  log::Progress progress(options.common.progress, "pages", files.size());
  RunCounts counts;
  std::size_t next = 0, done = 0;
  threads::run_ordered_pipeline(
      options.common.threads,
      [&]() -> std::optional<std::string> {
        if (next == files.size()) return std::nullopt;
        return files[next++];
      },
      [&] {
        return [max_bytes = options.limits.max_bytes](std::string&& path) {
          return extract_file(path, max_bytes);
        };
      },
      [&](Extracted&& result) {
        counts.bytes += result.bytes;
        if (result.record.empty()) {
          ++counts.skipped[result.skipped];
          log::debug(files[done] + ": skipped: " + result.skipped);
        } else {
          ++counts.pages;
          counts.text_bytes += result.text_bytes;
          output.write_or_throw(result.record);
        }
        progress.update(++done);
      });
  progress.finish();
  output.commit_or_throw();
  return counts;
}

}  // namespace gpt::crawl
