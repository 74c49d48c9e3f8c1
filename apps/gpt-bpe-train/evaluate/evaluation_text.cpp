#include "apps/gpt-bpe-train/evaluate/evaluation_text.hpp"

#include <cstdio>

#include "apps/gpt-bpe-train/evaluate/text_table.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::bpe_train {
namespace {

double ratio(std::uint64_t a, std::uint64_t b) {
  return b == 0 ? 0.0 : static_cast<double>(a) / static_cast<double>(b);
}

std::string fixed(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  return fixed(100 * ratio(part, whole), 1) + " %";
}

// Names of vocabularies for headings: a number for each, explained above the table.
std::string heading(std::size_t vocabulary, std::size_t vocabularies, const char* what) {
  return vocabularies == 1 ? what : std::string(what) + " " + std::to_string(vocabulary + 1);
}

// Figures of one kind stand together, so that vocabularies are compared side by side.
std::vector<std::string> heading_row(std::size_t vocabularies, bool has_unknown) {
  std::vector<std::string> row = {"texts", "documents", "bytes", "words"};
  for (const char* what : {"bytes/token", "tokens/word", "whole words", "unknown"}) {
    if (std::string_view(what) == "unknown" && !has_unknown) continue;
    for (std::size_t i = 0; i < vocabularies; ++i) row.push_back(heading(i, vocabularies, what));
  }
  return row;
}

// With line ends and the like written out, so that a text moves nothing on a terminal.
std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    // The control characters from U+0080 on, some of which terminals obey too.
    if (c == '\xC2' && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) {
      out += '?';
      ++i;
      continue;
    }
    switch (c) {
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
    }
  }
  return out;
}

std::string quoted(std::string_view text) { return "'" + printable(text) + "'"; }

std::vector<std::string> group_row(const std::string& name, const TextGroup& group, bool has_unknown) {
  std::vector<std::string> row = {printable(name), std::to_string(group.documents),
                                  std::to_string(group.bytes),
                                  group.figures.empty() ? "0" : std::to_string(group.figures[0].words.words)};
  for (const auto& figures : group.figures) row.push_back(fixed(ratio(group.bytes, figures.tokens), 3));
  for (const auto& figures : group.figures)
    row.push_back(fixed(ratio(figures.words.tokens, figures.words.words), 3));
  for (const auto& figures : group.figures)
    row.push_back(percent(figures.words.kept_whole, figures.words.words));
  if (!has_unknown) return row;
  for (const auto& figures : group.figures) row.push_back(percent(figures.unknown, figures.tokens));
  return row;
}

std::string token_list(const std::vector<TokenUse>& tokens, bool with_uses) {
  std::string out;
  for (const TokenUse& token : tokens) {
    out += (out.empty() ? "" : "  ") + quoted(token.text);
    if (with_uses) out += " " + std::to_string(token.uses);
  }
  return out;
}

std::string use_text(const VocabularyUse& use) {
  std::string out = "  " + std::to_string(use.entries) + " entries, " + std::to_string(use.unreached) +
                    " of them (" + percent(use.unreached, use.entries) + ") in none of the texts";
  if (!use.first_unreached.empty()) out += "; the first: " + token_list(use.first_unreached, false);
  return out + "\n  longest tokens, and how often they occur: " + token_list(use.longest, true) + "\n";
}

std::string figures_json(const TextGroup& group, const GroupFigures& figures) {
  std::string json = "{\"tokens\":" + std::to_string(figures.tokens);
  json += ",\"unknown\":" + std::to_string(figures.unknown);
  json += ",\"bytes_per_token\":" + io::json_number(ratio(group.bytes, figures.tokens));
  json += ",\"word_tokens\":" + std::to_string(figures.words.tokens);
  json += ",\"whole_words\":" + std::to_string(figures.words.kept_whole);
  json += ",\"tokens_per_word\":" + io::json_number(ratio(figures.words.tokens, figures.words.words));
  return json + "}";
}

std::string group_json(const TextGroup& group) {
  std::string json =
      "{\"documents\":" + std::to_string(group.documents) + ",\"bytes\":" + std::to_string(group.bytes) +
      ",\"words\":" + (group.figures.empty() ? "0" : std::to_string(group.figures[0].words.words)) +
      ",\"vocabularies\":[";
  for (std::size_t i = 0; i < group.figures.size(); ++i)
    json += (i == 0 ? "" : ",") + figures_json(group, group.figures[i]);
  return json + "]}";
}

std::string tokens_json(const std::vector<TokenUse>& tokens) {
  std::string json = "[";
  for (const TokenUse& token : tokens) {
    if (json.size() > 1) json += ",";
    json += "{\"id\":" + std::to_string(token.id) + ",\"text\":" + io::json_string(token.text) +
            ",\"characters\":" + std::to_string(token.characters) +
            ",\"uses\":" + std::to_string(token.uses) + "}";
  }
  return json + "]";
}

}  // namespace

std::string evaluation_text(const Evaluation& evaluation, std::span<const MeasuredVocabulary> vocabularies,
                            std::span<const VocabularyUse> uses) {
  bool has_unknown = false;
  for (const auto& vocabulary : vocabularies) has_unknown |= vocabulary.tokenizer.unknown_token().has_value();
  std::string out;
  for (std::size_t i = 0; i < vocabularies.size(); ++i) {
    out += heading(i, vocabularies.size(), "vocabulary") + ": " + vocabularies[i].name + "\n" +
           use_text(uses[i]);
  }
  TextTable table;
  table.add(heading_row(vocabularies.size(), has_unknown));
  for (const auto& [name, group] : evaluation.groups) table.add(group_row(name, group, has_unknown));
  if (evaluation.groups.size() > 1) table.add(group_row("all", evaluation.total(), has_unknown));
  return out + "\n" + table.text();
}

std::string groups_json(const Evaluation& evaluation) {
  std::string json = "{";
  for (const auto& [name, group] : evaluation.groups) {
    if (json.size() > 1) json += ",";
    json += io::json_string(name) + ":" + group_json(group);
  }
  return json + "}";
}

std::string vocabularies_json(std::span<const MeasuredVocabulary> vocabularies,
                              std::span<const VocabularyUse> uses) {
  std::string json = "[";
  for (std::size_t i = 0; i < vocabularies.size(); ++i) {
    json += (i == 0 ? "{\"name\":" : ",{\"name\":") + io::json_string(vocabularies[i].name);
    json += ",\"entries\":" + std::to_string(uses[i].entries);
    json += ",\"unreached\":" + std::to_string(uses[i].unreached);
    json += ",\"first_unreached\":" + tokens_json(uses[i].first_unreached);
    json += ",\"longest\":" + tokens_json(uses[i].longest) + "}";
  }
  return json + "]";
}

}  // namespace gpt::bpe_train
