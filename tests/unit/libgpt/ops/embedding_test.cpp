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
    ops::embedding_forward<double>(s, {tokens, positions, {}, {}}, table, places, y);
    op_check::check_close(y, wanted, 0);
    std::vector<double> d_tokens(table.size(), 1.0), d_places(places.size());
    ops::embedding_backward<double>(s, {tokens, positions, {}, {}}, dy, d_tokens, d_places);
    op_check::check_close(d_tokens, wanted_tokens, 0);
    op_check::check_close(d_places, wanted_places, 0);
  });
}

TEST_CASE("the embeddings of shares of the vocabulary add up to the embedding") {
  op_check::on_every_isa([] {
    const ops::EmbeddingShape whole{6, 70, 5, 3};
    const std::vector<std::int32_t> tokens = {4, 0, 4, 1, 2, 0}, positions = {0, 1, 2, 0, 1, 2};
    const auto table = op_check::random_values<double>(5 * 70, 1);
    const auto places = op_check::random_values<double>(3 * 70, 2);
    const auto dy = op_check::random_values<double>(6 * 70, 3);
    std::vector<double> y(6 * 70), d_table(table.size()), d_places(places.size());
    ops::embedding_forward<double>(whole, {tokens, positions, {}, {}}, table, places, y);
    ops::embedding_backward<double>(whole, {tokens, positions, {}, {}}, dy, d_table, d_places);

    std::vector<double> sum(y.size()), d_tables;
    for (const auto& [first, end] : {std::pair<std::int64_t, std::int64_t>{0, 2}, {2, 5}}) {
      ops::EmbeddingShape share = whole;
      share.vocabulary = end - first;
      share.first_token = first;
      const auto rows = std::span(table).subspan(static_cast<std::size_t>(first) * 70,
                                                 static_cast<std::size_t>(end - first) * 70);
      std::vector<double> part(y.size(), NAN), d_rows(rows.size()), d_all_places(places.size());
      const auto position_table = first == 0 ? std::span<const double>(places) : std::span<const double>();
      ops::embedding_forward<double>(share, {tokens, positions, {}, {}}, rows, position_table, part);
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += part[i];
      ops::embedding_backward<double>(share, {tokens, positions, {}, {}}, dy, d_rows, d_all_places);
      d_tables.insert(d_tables.end(), d_rows.begin(), d_rows.end());
      CHECK(d_all_places == d_places);
    }
    CHECK(sum == y);
    CHECK(d_tables == d_table);
  });
}

TEST_CASE("the gradients of the embeddings are those of its differences") {
  const ops::EmbeddingShape s{6, 9, 5, 3};
  const std::vector<std::int32_t> tokens = {4, 0, 4, 1, 4, 0}, positions = {0, 1, 2, 0, 1, 2};
  auto table = op_check::random_values<double>(5 * 9, 1);
  auto places = op_check::random_values<double>(3 * 9, 2);
  const auto dy = op_check::random_values<double>(6 * 9, 3);
  std::vector<double> y(6 * 9), d_table(table.size()), d_places(places.size());
  ops::embedding_backward<double>(s, {tokens, positions, {}, {}}, dy, d_table, d_places);
  const auto loss = [&] {
    ops::embedding_forward<double>(s, {tokens, positions, {}, {}}, table, places, y);
    return op_check::weighted_sum(dy, y);
  };
  op_check::check_gradient(table, d_table, loss);
  op_check::check_gradient(places, d_places, loss);
}
