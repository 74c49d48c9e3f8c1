#include "apps/gpt-estimate/sheet_formats.hpp"

#include <algorithm>

#include "libcommon/io/json_text.hpp"

namespace gpt::estimate {
namespace {

// Columns that people see: a figure's key is for machines.
std::size_t first_shown_column(const Sheet& sheet) { return sheet.kind == SheetKind::figures ? 1 : 0; }

bool all_numeric(const Sheet& sheet, std::size_t column) {
  return std::all_of(sheet.rows.begin(), sheet.rows.end(),
                     [&](const std::vector<Cell>& row) { return row[column].numeric; });
}

// Characters, not bytes: UTF-8 continuation bytes take no place.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

void append_padded(std::string& out, const std::string& text, std::size_t width, bool right_aligned) {
  const std::string padding(width - width_of(text), ' ');
  out += right_aligned ? padding + text : text + padding;
}

void end_line(std::string& out) {
  while (!out.empty() && out.back() == ' ') out.pop_back();
  out += '\n';
}

std::string text_of(const Sheet& sheet) {
  const std::size_t first = first_shown_column(sheet);
  std::vector<std::size_t> widths;
  std::vector<bool> right;
  for (std::size_t c = 0; c < sheet.columns.size(); ++c) {
    std::size_t width = sheet.kind == SheetKind::table ? width_of(sheet.columns[c].heading) : 0;
    for (const auto& row : sheet.rows) width = std::max(width, width_of(row[c].shown));
    widths.push_back(width);
    right.push_back(sheet.kind == SheetKind::table && all_numeric(sheet, c));
  }
  std::string out = sheet.title + "\n";
  const auto append_row = [&](const auto& shown_of) {
    for (std::size_t c = first; c < sheet.columns.size(); ++c) {
      out += "  ";
      append_padded(out, shown_of(c), widths[c], right[c]);
    }
    end_line(out);
  };
  if (sheet.kind == SheetKind::table) append_row([&](std::size_t c) { return sheet.columns[c].heading; });
  for (const auto& row : sheet.rows) append_row([&](std::size_t c) { return row[c].shown; });
  if (!sheet.note.empty()) out += "  " + sheet.note + "\n";
  return out;
}

std::string markdown_of(const Sheet& sheet) {
  const std::size_t first = first_shown_column(sheet);
  std::string out = "### " + sheet.title + "\n\n|";
  for (std::size_t c = first; c < sheet.columns.size(); ++c) out += " " + sheet.columns[c].heading + " |";
  out += "\n|";
  for (std::size_t c = first; c < sheet.columns.size(); ++c) out += all_numeric(sheet, c) ? "---:|" : "---|";
  out += "\n";
  for (const auto& row : sheet.rows) {
    out += "|";
    for (std::size_t c = first; c < row.size(); ++c) out += " " + row[c].shown + " |";
    out += "\n";
  }
  if (!sheet.note.empty()) out += "\n" + sheet.note + "\n";
  return out;
}

std::string csv_field(const Cell& cell) {
  if (cell.numeric) return cell.json;
  if (cell.shown.find_first_of(",\"\n") == std::string::npos) return cell.shown;
  std::string quoted = "\"";
  for (const char c : cell.shown) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string csv_of(const Sheet& sheet) {
  std::string out;
  for (std::size_t c = 0; c < sheet.columns.size(); ++c) out += (c ? "," : "") + sheet.columns[c].key;
  out += "\n";
  for (const auto& row : sheet.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) out += (c ? "," : "") + csv_field(row[c]);
    out += "\n";
  }
  return out;
}

std::string json_of(const Sheet& sheet) {
  if (sheet.kind == SheetKind::figures) {
    std::string out = "{";
    for (const auto& row : sheet.rows) out += (out.size() > 1 ? "," : "") + row[0].json + ":" + row[2].json;
    return out + "}";
  }
  std::string out = "[";
  for (const auto& row : sheet.rows) {
    out += out.size() > 1 ? ",{" : "{";
    for (std::size_t c = 0; c < row.size(); ++c)
      out += (c ? "," : "") + io::json_string(sheet.columns[c].key) + ":" + row[c].json;
    out += "}";
  }
  return out + "]";
}

}  // namespace

std::string render(std::span<const Sheet> sheets, Format format) {
  std::string out;
  for (const Sheet& sheet : sheets) {
    if (format == Format::json) {
      out += (out.empty() ? "{" : ",\n ") + io::json_string(sheet.key) + ":" + json_of(sheet);
      continue;
    }
    if (!out.empty()) out += "\n";
    out += format == Format::text  ? text_of(sheet)
           : format == Format::csv ? csv_of(sheet)
                                   : markdown_of(sheet);
  }
  return format == Format::json ? out + "}\n" : out;
}

}  // namespace gpt::estimate
