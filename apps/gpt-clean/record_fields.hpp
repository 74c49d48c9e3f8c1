#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gpt::clean {

// Which fields of a record are written, and under which names.
struct FieldChoice {
  std::vector<std::string> keep;              // in the order to write them; empty: all, as they came
  std::map<std::string, std::string> rename;  // old name to new

  std::vector<std::string> replaced;  // new names of fields that are left out, since they are written anew

  // Whether no field is chosen or renamed.
  bool is_everything() const { return keep.empty() && rename.empty(); }
};

// Rewrites records. Values stay byte for byte; a field that a record lacks is passed over; a field whose name
// another one takes is left out. Of a field given several times the last is taken.
class RecordFields {
 public:
  explicit RecordFields(FieldChoice choice);
  ~RecordFields();
  RecordFields(RecordFields&&) noexcept;

  // record: one JSON object, valid UTF-8.
  std::string chosen(std::string_view record);
  // Whether chosen() leaves out, moves or renames a field of it. "" is no record and has none.
  bool changes(std::string_view record);

 private:
  class Body;
  std::unique_ptr<Body> body_;
};

}  // namespace gpt::clean
