#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <simdjson.h>

namespace gpt::io {

// Where a JSON object names a field several times, the last of them counts, in all tools, as in most readers
// of JSON. Only the functions of this header choose.

// The value of the field that counts; empty where there is none of that name.
std::optional<simdjson::dom::element> value_that_counts(simdjson::dom::object object, std::string_view key);

// Of fields of one name, in the order in which they stand: the place of the one that counts. At least one.
inline std::size_t place_that_counts(std::size_t fields) { return fields - 1; }

// Leaves of an object's fields, names and values in the order in which they stand, those that count.
template <class Value>
void keep_those_that_count(std::vector<std::pair<std::string, Value>>& fields) {
  std::unordered_map<std::string, std::size_t> last;
  for (std::size_t i = 0; i < fields.size(); ++i) last[fields[i].first] = i;
  if (last.size() == fields.size()) return;
  std::vector<std::pair<std::string, Value>> kept;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (last.at(fields[i].first) == i) kept.push_back(std::move(fields[i]));
  }
  fields = std::move(kept);
}

// Reads lines that are JSON objects, also those that make_readable makes so. One a thread. The parser is out
// of sight: its layout depends on how the code around it is compiled.
class JsonObjectReader {
 public:
  JsonObjectReader();
  ~JsonObjectReader();
  JsonObjectReader(JsonObjectReader&&) noexcept;

  // Holds until the next call. readable_behind: bytes behind the line that may be read, whatever they hold;
  // where they are too few, or the line has to be made readable first, a copy is read. An error where it is
  // no JSON.
  simdjson::simdjson_result<simdjson::dom::element> read(std::string_view line,
                                                         std::size_t readable_behind = 0);

  // The copy that was read, after a read with nothing readable behind the line; behind it lies simdjson's
  // padding.
  std::string_view copy() const;
  // Gives all memory back.
  void forget();

 private:
  class Body;
  std::unique_ptr<Body> body_;
};

}  // namespace gpt::io
