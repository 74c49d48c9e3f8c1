#pragma once

#include <cstdint>
#include <string>

namespace gpt::estimate {

// Numbers for people.
std::string fixed(double value, int decimals);  // 33.9
std::string grouped(std::int64_t value);        // 124,439,808
std::string count_text(double value);           // 124.4 M, 1.65 B: four significant digits
std::string flops_text(double operations);      // 876.5 TFLOP
std::string bytes_text(double bytes);           // 1.85 GiB
std::string duration_text(double seconds);      // 42 s, 12.5 minutes, 3.1 hours, 33.9 days
std::string percent_text(double share);         // 10.9 %

}  // namespace gpt::estimate
