#pragma once

// Before a function: it is compiled once for each of these instruction sets ("avx512f", "default"), and the
// machine's is taken at load time. Sanitizers cannot run the resolvers that choose.
#if defined(__x86_64__) && !defined(GPT_SANITIZED)
#define GPT_CLONES_FOR(...) [[gnu::target_clones(__VA_ARGS__)]]
#else
#define GPT_CLONES_FOR(...)
#endif
