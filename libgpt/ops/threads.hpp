#pragma once

namespace gpt::ops {

// Threads that ops share their rows out to, for the whole process. Results of a run are repeated bit for bit
// only with the same number.
void set_threads(int threads);

// To be called first of all in main. How long GNU OpenMP's threads spin before they sleep matters both ways.
// On a quiet machine threads that slept come late: with 10 microseconds of spinning, a step of GPT-2 124M
// took a sixth longer than with 100 or more. On a machine that has more to do, threads that spin take the
// time of those they wait for: with other programs on both of two cores and spins of milliseconds (the
// default), a step of a million parameters took 520 ms instead of 160, and 5 times the processor time. So
// they spin for long only where half of the processors were idle in the last minute. How long is only read
// from the environment before main, so the program starts itself once more with it set; the process id stays.
// Does nothing where the user has set GOMP_SPINCOUNT or OMP_WAIT_POLICY.
void restart_with_fitting_waits(char** argv);

}  // namespace gpt::ops
