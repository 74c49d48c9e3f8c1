#include "libcommon/log/run_report.hpp"

#include <cstdlib>
#include <fstream>

#include <sys/resource.h>

#include "libcommon/cli/version.hpp"
#include "libcommon/io/json_text.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::log {
namespace {

// File names and messages may hold any bytes; JSON may not.
std::string json_string_of_bytes(std::string_view bytes) {
  return text::is_valid_utf8(bytes) ? io::json_string(bytes) : io::json_string(text::repair_utf8(bytes));
}

}  // namespace

RunReport::RunReport(std::string tool) : tool_(std::move(tool)), started_(std::chrono::steady_clock::now()) {}

void RunReport::set_json(const std::string& key, std::string value) {
  for (auto& [name, present] : fields_) {
    if (name == key) {
      present = std::move(value);
      return;
    }
  }
  fields_.emplace_back(key, std::move(value));
}

void RunReport::set(const std::string& key, std::uint64_t value) { set_json(key, std::to_string(value)); }
void RunReport::set(const std::string& key, std::int64_t value) { set_json(key, std::to_string(value)); }
void RunReport::set(const std::string& key, double value) { set_json(key, io::json_number(value)); }
void RunReport::set(const std::string& key, std::string_view value) {
  set_json(key, json_string_of_bytes(value));
}

void RunReport::set(const std::string& key, const std::vector<std::string>& values) {
  std::string list = "[";
  for (const auto& value : values) {
    if (list.size() > 1) list += ",";
    list += json_string_of_bytes(value);
  }
  set_json(key, list + "]");
}

void RunReport::set(const std::string& key, const std::map<std::string, std::uint64_t>& counts) {
  std::string object = "{";
  for (const auto& [name, count] : counts) {
    if (object.size() > 1) object += ",";
    object += json_string_of_bytes(name) + ":" + std::to_string(count);
  }
  set_json(key, object + "}");
}

std::string RunReport::json() const {
  std::string out =
      "{\"tool\":" + io::json_string(tool_) + ",\"version\":" + io::json_string(cli::version_number());
  for (const auto& [key, value] : fields_) out += "," + json_string_of_bytes(key) + ":" + value;
  out += ",\"seconds\":" + io::json_number(seconds());
  out += ",\"peak_memory_bytes\":" + std::to_string(peak_memory_bytes()) + "}\n";
  return out;
}

void RunReport::write_or_throw(const std::string& path) const {
  io::write_file_or_throw(path, json(), io::Existing::replace);
}

double RunReport::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
}

// getrusage's figure starts with the size of the program that started this one, so the kernel's own account
// of this address space is asked first.
std::uint64_t peak_memory_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::strtoull(line.c_str() + 6, nullptr, 10) * 1024;
  }
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;  // Linux counts in KiB
}

}  // namespace gpt::log
