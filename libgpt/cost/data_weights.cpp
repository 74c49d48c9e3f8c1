#include "libgpt/cost/data_weights.hpp"

namespace gpt::cost {
namespace {

constexpr WeightedCorpus kBlend[] = {
    {"Books3", 25.7, 14.3, 1.5},        {"OpenWebText2", 14.8, 19.3, 3.6},
    {"Stack Exchange", 11.6, 5.7, 1.4}, {"PubMed Abstracts", 4.4, 2.9, 1.8},
    {"Wikipedia", 4.2, 4.8, 3.2},       {"Gutenberg", 2.7, 0.9, 0.9},
    {"BookCorpus2", 1.5, 1.0, 1.8},     {"NIH ExPorter", 0.3, 0.2, 1.8},
    {"Pile-CC", 49.8, 9.4, 0.5},        {"ArXiv", 20.8, 1.4, 0.2},
    {"GitHub", 24.3, 1.6, 0.2},         {"CC-2020-50", 68.7, 13.0, 0.5},
    {"CC-2021-04", 82.6, 15.7, 0.5},    {"RealNews", 21.9, 9.0, 1.1},
    {"CC-Stories", 5.3, 0.9, 0.5},
};

}  // namespace

std::span<const WeightedCorpus> published_blend() { return kBlend; }

double epochs(const WeightedCorpus& corpus, double trained_tokens) {
  return corpus.weight / 100 * trained_tokens / corpus.tokens;
}

}  // namespace gpt::cost
