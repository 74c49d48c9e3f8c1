#include "libgpt/ops/embedding.hpp"

#include "tests/unit/libgpt/ops/op_check.hpp"

using namespace gpt;

TEST_CASE("embeddings add token and position rows, and their gradients gather in order") {
  op_check::on_every_isa([] {
    const ops::EmbeddingShape s{6, 70, 5, 3};
    const std::vector<std::int32_t> tokens = {4, 0, 4, 1, 4, 0}, positions = {0, 1, 2, 0, 1, 2};
    const auto table = op_check::random_values<double>(5 * 70, 1);
    const auto places = op_check::random_values<double>(3 * 70, 2);
    std::vector<double> y(6 * 70), wanted(y.size());
    std::vector<double> wanted_tokens(table.size(), 1.0), wanted_places(places.size());
    const auto dy = op_check::random_values<double>(y.size(), 3);
    for (std::size_t r = 0; r < 6; ++r) {
      const auto token = static_cast<std::size_t>(tokens[r]) * 70;
      const auto place = static_cast<std::size_t>(positions[r]) * 70;
      for (std::size_t c = 0; c < 70; ++c) {
        wanted[r * 70 + c] = table[token + c] + places[place + c];
        wanted_tokens[token + c] += dy[r * 70 + c];
        wanted_places[place + c] += dy[r * 70 + c];
      }
    }
    ops::embedding_forward<double>(s, tokens, positions, table, places, y);
    op_check::check_close(y, wanted, 0);
    std::vector<double> d_tokens(table.size(), 1.0), d_places(places.size());
    ops::embedding_backward<double>(s, tokens, positions, dy, d_tokens, d_places);
    op_check::check_close(d_tokens, wanted_tokens, 0);
    op_check::check_close(d_places, wanted_places, 0);
  });
}
