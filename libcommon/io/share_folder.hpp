#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gpt::io {

// Where a file of the toolkit's share folder lies ("prefixes/sv.txt"), if it is installed. Looked for in
// $GPT_SHARE, then beside the running program (../share/gpt-toolkit), then in the source tree it was built
// in, then under the prefix it was configured for.
std::optional<std::string> find_shared_file(std::string_view relative_path);

}  // namespace gpt::io
