#pragma once

namespace gpt::crawl {

// White space of the HTML standard.
constexpr bool is_html_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

}  // namespace gpt::crawl
