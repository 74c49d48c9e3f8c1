#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gpt::log {

// The JSON object that --report writes: what a run read, did and cost. Keys keep their order of insertion.
// Counts are plain sums, so the reports of shards add up key by key. Format: docs/formats/report.md.
class RunReport {
 public:
  explicit RunReport(std::string tool);  // the clock starts here

  void set(const std::string& key, std::uint64_t value);
  void set(const std::string& key, std::int64_t value);
  void set(const std::string& key, int value) { set(key, static_cast<std::int64_t>(value)); }
  void set(const std::string& key, double value);
  void set(const std::string& key, std::string_view value);
  void set(const std::string& key, const char* value) { set(key, std::string_view(value)); }
  void set(const std::string& key, const std::vector<std::string>& values);
  void set(const std::string& key, const std::map<std::string, std::uint64_t>& counts);
  // value: a complete JSON value, put in as it is.
  void set_json(const std::string& key, std::string value);

  // One line: tool, version, the fields set, seconds, peak_memory_bytes.
  std::string json() const;
  // Writes json() to the path, whole or not at all; an earlier report there is replaced. Throws io::IoError.
  void write_or_throw(const std::string& path) const;

  double seconds() const;

 private:
  std::string tool_;
  std::chrono::steady_clock::time_point started_;
  std::vector<std::pair<std::string, std::string>> fields_;
};

// The largest resident set of this process so far, in bytes.
std::uint64_t peak_memory_bytes();

}  // namespace gpt::log
