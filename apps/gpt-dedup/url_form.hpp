#pragma once

#include <string>
#include <string_view>

namespace gpt::dedup {

// A form in which addresses of the same page are mostly equal: without scheme, "www.", the default port,
// fragment, a last '/' and parameters that only track (utm_..., fbclid, gclid and the like); host in small
// letters; percent-encodings in capital letters, and undone where they stand for letters, digits, - . _ ~.
std::string comparable_url(std::string_view url);

}  // namespace gpt::dedup
