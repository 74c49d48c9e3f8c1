#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gpt::comm {

// The hosts of a list as Slurm writes it: "node[01-04,07],other3" are node01, node02, node03, node04, node07
// and other3; several brackets in a name multiply. At most `most` of them, the first. Throws LaunchError.
std::vector<std::string> expand_host_list_or_throw(std::string_view list, std::size_t most = 100'000);

}  // namespace gpt::comm
