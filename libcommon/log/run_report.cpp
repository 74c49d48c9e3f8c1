#include "libcommon/log/run_report.hpp"

#include <sys/resource.h>

#include "libcommon/cli/version.hpp"
#include "libcommon/io/json_text.hpp"
#include "libcommon/io/output_file.hpp"

namespace gpt::log {

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
void RunReport::set(const std::string& key, std::string_view value) { set_json(key, io::json_string(value)); }

void RunReport::set(const std::string& key, const std::vector<std::string>& values) {
  std::string list = "[";
  for (const auto& value : values) {
    if (list.size() > 1) list += ",";
    io::append_json_string(list, value);
  }
  set_json(key, list + "]");
}

void RunReport::set(const std::string& key, const std::map<std::string, std::uint64_t>& counts) {
  std::string object = "{";
  for (const auto& [name, count] : counts) {
    if (object.size() > 1) object += ",";
    io::append_json_string(object, name);
    object += ":" + std::to_string(count);
  }
  set_json(key, object + "}");
}

std::string RunReport::json() const {
  std::string out =
      "{\"tool\":" + io::json_string(tool_) + ",\"version\":" + io::json_string(cli::version_number());
  for (const auto& [key, value] : fields_) out += "," + io::json_string(key) + ":" + value;
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

std::uint64_t peak_memory_bytes() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;  // Linux counts in KiB
}

}  // namespace gpt::log
