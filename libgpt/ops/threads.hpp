#pragma once

namespace gpt::ops {

// Threads that ops share their rows out to, for the whole process. Results of a run are repeated bit for bit
// only with the same number.
void set_threads(int threads);

}  // namespace gpt::ops
