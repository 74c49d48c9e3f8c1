#pragma once

namespace gpt::ops {

// Threads that ops share their rows out to, for the whole process. Results of a run are repeated bit for bit
// only with the same number.
void set_threads(int threads);

// To be called first of all in main. GNU OpenMP lets threads that wait for others spin for milliseconds,
// which they take from the very threads they wait for when a machine has more to do than this: with other
// programs on both of two cores, a step of a million parameters took 520 ms instead of 160, and 5 times the
// processor time. How long to spin is only read from the environment before main, so the program starts
// itself once more with it set; the process id stays. Does nothing where the user has set GOMP_SPINCOUNT or
// OMP_WAIT_POLICY.
void restart_with_short_waits(char** argv);

}  // namespace gpt::ops
