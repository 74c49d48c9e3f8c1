#include "libcommon/io/document.hpp"

#include <algorithm>
#include <type_traits>

#include "libcommon/io/errors.hpp"
#include "libcommon/io/file_name.hpp"
#include "libcommon/io/json_object.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::io {
namespace {

// The value of a field without its surrounding white space, as it stands in the line.
std::string_view trimmed(std::string_view raw) {
  const auto end = raw.find_last_not_of(" \t\r\n");
  return end == std::string_view::npos ? std::string_view{} : raw.substr(0, end + 1);
}

}  // namespace

DocumentFormat document_format_of_name(std::string_view path) {
  return name_ends_with(without_compression(path), ".txt") ? DocumentFormat::text : DocumentFormat::jsonl;
}

class DocumentParser::Body {
 public:
  explicit Body(std::string text_key) : text_key_(std::move(text_key)) {}

  Document parse_or_throw(std::string_view line, const std::string& file, std::uint64_t number) {
    return naming_place(file, number, [&] { return parse(line); });
  }

  std::span<const FieldView> field_views_or_throw(std::string_view line, const std::string& file,
                                                  std::uint64_t number, std::span<const std::string> keys,
                                                  ListValues lists, std::size_t readable_behind) {
    return naming_place(file, number, [&] {
      read_object(line, readable_behind);
      texts_.resize(keys.size());
      views_.clear();
      for (std::size_t k = 0; k < keys.size(); ++k) {
        texts_[k].clear();
        const bool is_list = lists == ListValues::accepted && append_list(keys[k], texts_[k]);
        if (!is_list) texts_[k].push_back(text_of(keys[k]));
        views_.push_back({texts_[k], is_list});
      }
      return std::span<const FieldView>(views_);
    });
  }

  // Few lines are so long, and what follows needs the memory.
  void forget_large_line() {
    constexpr std::size_t kLarge = std::size_t{16} << 20;
    if (largest_line_ <= kLarge) return;
    object_ = {};
    reader_.forget();
    scanner_ = simdjson::ondemand::parser();
    largest_line_ = 0;
  }

  std::optional<std::string> string_field(std::string_view key) {
    const auto value = value_that_counts(object_, key);
    if (!value || !value->is_string()) return std::nullopt;
    return std::string(std::string_view(*value));
  }

 private:
  struct MissingText {
    std::string reason;
  };

  template <class Read>
  static std::invoke_result_t<Read> naming_place(const std::string& file, std::uint64_t number, Read read) {
    try {
      return read();
    } catch (const simdjson::simdjson_error& error) {
      throw DataError(file, number, std::string("not a valid JSON object: ") + error.what());
    } catch (const MissingText& missing) {
      throw DataError(file, number, missing.reason);
    }
  }

  void read_object(std::string_view line, std::size_t readable_behind) {
    largest_line_ = std::max(largest_line_, line.size());
    const simdjson::dom::element root = reader_.read(line, readable_behind);
    if (!root.is_object()) throw MissingText{"a JSON object is needed, this is another JSON value"};
    object_ = root;
  }

  std::string_view text_of(const std::string& key) const {
    const auto field = value_that_counts(object_, key);
    if (!field) throw MissingText{"the field \"" + key + "\" is missing"};
    if (!field->is_string()) throw MissingText{"the field \"" + key + "\" is no string"};
    return *field;
  }

  // Whether the field is a list; then its strings are appended.
  bool append_list(const std::string& key, std::vector<std::string_view>& texts) const {
    const auto field = value_that_counts(object_, key);
    if (!field || !field->is_array()) return false;
    for (const simdjson::dom::element entry : field->get_array()) {
      if (!entry.is_string())
        throw MissingText{"the field \"" + key + "\" is a list with something else than strings"};
      texts.emplace_back(std::string_view(entry));
    }
    return true;
  }

  // The DOM checks the whole line (syntax and UTF-8); the on-demand pass then finds where the text's value
  // stands.
  Document parse(std::string_view line) {
    read_object(line, 0);
    Document document;
    document.text = text_of(text_key_);
    document.record = line;
    locate_value(document);
    return document;
  }

  // A field of the key of the text: where it and the field behind it begin, and where its value lies.
  struct TextField {
    std::size_t begin = 0;
    std::size_t next = 0;  // 0: no field behind it
    std::size_t value_begin = 0;
    std::size_t value_end = 0;
  };

  // Finds the value that counts. Other fields of the same key leave the record: nobody reads them, and what
  // is done to the text is not done to them.
  void locate_value(Document& document) {
    std::vector<TextField> found;
    const std::string_view line = reader_.copy();
    auto fields = scanner_.iterate(line.data(), line.size(), line.size() + simdjson::SIMDJSON_PADDING);
    for (auto field : fields.get_object()) {
      const auto begin = static_cast<std::size_t>(field.key().value().raw() - 1 - line.data());
      if (!found.empty() && found.back().next == 0) found.back().next = begin;
      if (std::string_view(field.unescaped_key()) != text_key_) continue;
      const std::string_view raw = trimmed(field.value().raw_json_token());
      const auto value = static_cast<std::size_t>(raw.data() - line.data());
      found.push_back({begin, 0, value, value + raw.size()});
    }
    const std::size_t counts = place_that_counts(found.size());
    document.value_begin = found[counts].value_begin;
    document.value_end = found[counts].value_end;
    if (counts > 0) drop_fields(document, std::span(found).first(counts));
  }

  // fields: before the value.
  static void drop_fields(Document& document, std::span<const TextField> fields) {
    std::string left;
    std::size_t done = 0;
    for (const TextField& field : fields) {
      left.append(document.record, done, field.begin - done);
      done = field.next;
    }
    const std::size_t dropped = done - left.size();
    left.append(document.record, done);
    document.record = std::move(left);
    document.value_begin -= dropped;
    document.value_end -= dropped;
  }

  std::string text_key_;
  std::size_t largest_line_ = 0;                      // since memory was last given back
  std::vector<std::vector<std::string_view>> texts_;  // by key
  std::vector<FieldView> views_;
  JsonObjectReader reader_;
  simdjson::ondemand::parser scanner_;
  simdjson::dom::object object_;
};

DocumentParser::DocumentParser(std::string text_key) : body_(std::make_unique<Body>(std::move(text_key))) {}
DocumentParser::~DocumentParser() = default;
DocumentParser::DocumentParser(DocumentParser&&) noexcept = default;

Document DocumentParser::parse_or_throw(std::string_view json_line, const std::string& file,
                                        std::uint64_t line) {
  return body_->parse_or_throw(json_line, file, line);
}

std::span<const FieldView> DocumentParser::field_views_or_throw(std::string_view json_line,
                                                                const std::string& file, std::uint64_t line,
                                                                std::span<const std::string> keys,
                                                                ListValues lists,
                                                                std::size_t readable_behind) {
  return body_->field_views_or_throw(json_line, file, line, keys, lists, readable_behind);
}

void DocumentParser::forget_large_line() { body_->forget_large_line(); }

std::vector<std::string> DocumentParser::fields_or_throw(std::string_view json_line, const std::string& file,
                                                         std::uint64_t line,
                                                         std::span<const std::string> keys) {
  std::vector<std::string> values;
  for (const FieldView& field : field_views_or_throw(json_line, file, line, keys, ListValues::refused))
    values.emplace_back(field.texts.front());
  forget_large_line();
  return values;
}

std::optional<std::string> DocumentParser::string_field(std::string_view key) {
  return body_->string_field(key);
}

void append_json_record(std::string& out, const Document& document, std::string_view text_key) {
  append_json_record_with(out, document, {}, text_key);
}

void append_json_record_with(std::string& out, const Document& document, std::string_view extra,
                             std::string_view text_key) {
  if (document.record.empty()) {
    out.push_back('{');
    append_json_string(out, text_key);
    out.push_back(':');
    append_json_string(out, document.text);
    if (!extra.empty()) out.append(",").append(extra);
    out += "}\n";
    return;
  }
  const std::string_view record = document.record;
  const auto closing = record.rfind('}');
  out.append(record.substr(0, document.value_begin));
  append_json_string(out, document.text);
  out.append(record.substr(document.value_end, closing - document.value_end));
  if (!extra.empty()) out.append(",").append(extra);
  out += "}\n";
}

}  // namespace gpt::io
