#include "apps/gpt-bpe-train/count/counts_summary.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <simdjson.h>

#include "apps/gpt-bpe-train/count/splitting_names.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::bpe_train {
namespace {

using Object = simdjson::dom::object;

// Words as BERT cuts them stand in place of a pattern.
constexpr Names<std::optional<tokenizer::LetterCase>, 2> kBertNames = {
    {{"bert_lowercase", tokenizer::LetterCase::lowered}, {"bert_cased", tokenizer::LetterCase::kept}}};

std::string_view cutting_name(const WordSplitting& splitting) {
  if (splitting.bert) return name_of_value(kBertNames, splitting.bert);
  // What a tokenizer.json may have, but counts never do.
  if (splitting.pattern == tokenizer::SplitPattern::cl100k_to_end) return "cl100k_to_end";
  return name_of_value(kPatternNames, splitting.pattern);
}

// The sums of a summary by name.
std::vector<std::pair<std::string_view, std::uint64_t CountsSummary::*>> sums() {
  return {{"documents", &CountsSummary::documents},
          {"documents_left_out", &CountsSummary::documents_left_out},
          {"text_bytes", &CountsSummary::text_bytes},
          {"input_bytes", &CountsSummary::input_bytes},
          {"bad_records", &CountsSummary::bad_records}};
}

std::vector<std::pair<std::string_view, std::uint64_t DroppedWords::*>> dropped_sums() {
  return {{"words", &DroppedWords::words},
          {"occurrences", &DroppedWords::occurrences},
          {"below", &DroppedWords::below}};
}

class SummaryReader {
 public:
  SummaryReader(const std::string& path, Object object) : path_(path), object_(object) {}

  CountsSummary read_or_throw() const {
    CountsSummary summary;
    read_cutting(summary.splitting);
    summary.splitting.prefix_space = choice(kPrefixSpaceNames, "prefix_space");
    summary.splitting.normal_form = choice(kNormalFormNames, "normalization");
    summary.unit = choice(kUnitNames, "unit");
    for (const auto& [name, member] : sums()) summary.*member = number(object_, name);
    summary.origin = number(object_, "origin");
    read_shares(summary);
    Object dropped;
    if (object_["dropped"].get(dropped) != simdjson::SUCCESS) refuse("dropped");
    for (const auto& [name, member] : dropped_sums()) summary.dropped.*member = number(dropped, name);
    return summary;
  }

 private:
  [[noreturn]] void refuse(std::string_view what) const {
    throw io::DataError(path_, "the header of the word counts has no right " + io::json_string(what));
  }

  void read_cutting(WordSplitting& splitting) const {
    std::string_view name;
    const bool has_name = object_["split_pattern"].get(name) == simdjson::SUCCESS;
    const auto is_named = [&](const auto& entry) { return entry.first == name; };
    if (has_name && std::any_of(kBertNames.begin(), kBertNames.end(), is_named)) {
      splitting.bert = choice(kBertNames, "split_pattern");
    } else {
      splitting.pattern = choice(kPatternNames, "split_pattern");
    }
  }

  template <class Table>
  typename Table::value_type::second_type choice(const Table& table, std::string_view key) const {
    std::string_view text;
    if (object_[key].get(text) != simdjson::SUCCESS) refuse(key);
    const auto value = value_of_name(table, text);
    if (!value) refuse(key);
    return *value;
  }

  std::uint64_t number(Object object, std::string_view key) const {
    std::uint64_t value = 0;
    if (object[key].get(value) != simdjson::SUCCESS) refuse(key);
    return value;
  }

  void read_shares(CountsSummary& summary) const {
    simdjson::dom::array shares;
    if (object_["shares"].get(shares) != simdjson::SUCCESS) refuse("shares");
    for (const auto element : shares) {
      Object share;
      if (element.get(share) != simdjson::SUCCESS) refuse("shares");
      const std::uint64_t rank = number(share, "rank");
      const std::uint64_t world = number(share, "world");
      if (world > INT32_MAX || rank >= world) refuse("shares");
      summary.shares.push_back({number(share, "job"), {static_cast<int>(rank), static_cast<int>(world)}});
    }
  }

  const std::string& path_;
  Object object_;
};

std::string name_of(const io::Shard& shard) {
  if (shard.is_everything()) return "the whole";
  return "share " + std::to_string(shard.rank) + " of " + std::to_string(shard.world);
}

// The shares keep their order: job, then rank.
void add_share_or_throw(std::vector<CountedShare>& shares, const CountedShare& share,
                        const std::string& path) {
  const auto is_before = [](const CountedShare& a, const CountedShare& b) {
    return std::pair(a.job, a.shard.rank) < std::pair(b.job, b.shard.rank);
  };
  const auto of_job = std::find_if(shares.begin(), shares.end(),
                                   [&](const CountedShare& other) { return other.job == share.job; });
  if (of_job != shares.end() && of_job->shard.world != share.shard.world) {
    throw io::DataError(path, "is " + name_of(share.shard) + " of inputs of which " + name_of(of_job->shard) +
                                  " was given already (same names, sizes and options): these would count "
                                  "twice; leave one of them out");
  }
  const auto place = std::lower_bound(shares.begin(), shares.end(), share, is_before);
  if (place != shares.end() && !is_before(share, *place)) {
    throw io::DataError(path, name_of(share.shard) +
                                  " was given already (of inputs of the same names, sizes and options): "
                                  "each share is added once");
  }
  shares.insert(place, share);
}

}  // namespace

std::string summary_json(const CountsSummary& summary) {
  const auto text = [](std::string_view key, std::string_view value) {
    return io::json_string(key) + ":" + io::json_string(value) + ",";
  };
  const auto number = [](std::string_view key, std::uint64_t value) {
    return io::json_string(key) + ":" + std::to_string(value) + ",";
  };
  std::string json = "{" + text("split_pattern", cutting_name(summary.splitting)) +
                     text("prefix_space", name_of_value(kPrefixSpaceNames, summary.splitting.prefix_space)) +
                     text("normalization", name_of_value(kNormalFormNames, summary.splitting.normal_form)) +
                     text("unit", name_of_value(kUnitNames, summary.unit));
  for (const auto& [name, member] : sums()) json += number(name, summary.*member);
  json += number("origin", summary.origin) + "\"shares\":[";
  for (const CountedShare& share : summary.shares) {
    json += (json.back() == '[' ? "{" : ",{") + number("job", share.job) +
            number("rank", static_cast<std::uint64_t>(share.shard.rank)) +
            "\"world\":" + std::to_string(share.shard.world) + "}";
  }
  json += "],\"dropped\":{";
  for (const auto& [name, member] : dropped_sums()) json += number(name, summary.dropped.*member);
  json.back() = '}';
  return json + "}";
}

CountsSummary parse_summary_or_throw(const std::string& path, std::string_view json) {
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(json);
  Object object;
  if (const auto error = parser.parse(padded).get(object))
    throw io::DataError(path, std::string("the header of the word counts is no JSON object: ") +
                                  simdjson::error_message(error));
  return SummaryReader(path, object).read_or_throw();
}

void add_summary_or_throw(CountsSummary& sum, const CountsSummary& other, const std::string& path) {
  if (sum.splitting != other.splitting || sum.unit != other.unit) {
    throw io::DataError(path, "was counted with " + options_of(other.splitting, other.unit) + ", but " +
                                  options_of(sum.splitting, sum.unit) +
                                  " is asked for: counts that are put together must be made alike");
  }
  for (const CountedShare& share : other.shares) add_share_or_throw(sum.shares, share, path);
  for (const auto& [name, member] : sums()) sum.*member += other.*member;
  sum.dropped.words += other.dropped.words;
  sum.dropped.occurrences += other.dropped.occurrences;
  sum.dropped.below = std::max(sum.dropped.below, other.dropped.below);
}

std::string missing_share(const CountsSummary& summary) {
  const auto& shares = summary.shares;
  for (auto job = shares.begin(); job != shares.end();) {
    const auto end =
        std::find_if(job, shares.end(), [&](const CountedShare& share) { return share.job != job->job; });
    int missing = 0;
    for (auto share = job; share != end && share->shard.rank == missing; ++share) ++missing;
    if (missing < job->shard.world) {
      return "share " + std::to_string(missing) + " of " + std::to_string(job->shard.world) +
             " is missing (" + std::to_string(end - job) + " are there)";
    }
    job = end;
  }
  return "";
}

std::string options_of(const WordSplitting& splitting) {
  if (splitting.bert) {
    return std::string("--algorithm wordpiece ") +
           (*splitting.bert == tokenizer::LetterCase::lowered ? "--lowercase" : "--no-lowercase");
  }
  return "--split-pattern " + std::string(cutting_name(splitting)) + " --normalization " +
         std::string(name_of_value(kNormalFormNames, splitting.normal_form)) +
         (splitting.prefix_space == PrefixSpace::add ? " --add-prefix-space" : " --no-add-prefix-space");
}

std::string options_of(const WordSplitting& splitting, Unit unit) {
  return options_of(splitting) + " --unit " + std::string(name_of_value(kUnitNames, unit));
}

}  // namespace gpt::bpe_train
