#pragma once

#include <span>
#include <string>

#include "apps/gpt-estimate/sheet.hpp"

namespace gpt::estimate {

enum class Format { text, markdown, csv, json };

// text: aligned columns; markdown: pipe tables; csv (RFC 4180): a header line each, an empty line between
// two sheets, plain numbers; json: one object with a member a sheet.
std::string render(std::span<const Sheet> sheets, Format format);

}  // namespace gpt::estimate
