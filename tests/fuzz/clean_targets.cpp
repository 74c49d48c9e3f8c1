// What gpt-clean does to texts from anywhere.
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "apps/gpt-clean/record_fields.hpp"
#include "apps/gpt-clean/repairs.hpp"
#include "apps/gpt-clean/rules/characters.hpp"
#include "apps/gpt-clean/rules/entities.hpp"
#include "apps/gpt-clean/rules/line_hyphens.hpp"
#include "apps/gpt-clean/rules/mojibake.hpp"
#include "apps/gpt-clean/rules/personal_data.hpp"
#include "apps/gpt-clean/rules/redact.hpp"
#include "apps/gpt-clean/rules/terminal_escapes.hpp"
#include "apps/gpt-clean/rules/whitespace.hpp"
#include "apps/gpt-clean/statistics_json.hpp"
#include "libcommon/io/document.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/text/utf8.hpp"
#include "tests/fuzz/clean_document_targets.hpp"
#include "tests/fuzz/targets.hpp"

namespace gpt::fuzz {
namespace {

using Change = std::string (*)(std::string_view);

void check_valid(const std::string& text) {
  if (!text::is_valid_utf8(text)) throw std::logic_error("what came out is not valid UTF-8");
}

enum class Twice { as_once, may_change_more };

// A change of texts: broken UTF-8 is repaired before, as gpt-clean's reader does, and counts as refused.
Target text_change(const std::string& name, std::vector<std::string> samples, std::vector<std::string> words,
                   Change change, Twice twice = Twice::as_once) {
  return {name, std::move(samples), std::move(words), [change, twice](const std::string& bytes) {
            const bool valid = text::is_valid_utf8(bytes);
            const std::string changed = change(valid ? bytes : text::repair_utf8(bytes));
            check_valid(changed);
            if (twice == Twice::as_once && change(changed) != changed)
              throw std::logic_error("done twice it changes more");
            return valid;
          }};
}

Target mojibake() {
  return text_change(
      "mojibake",
      {"RÃ¤ksmÃ¶rgÃ¥s â€œbraâ€\u009D Ã la carte, 10Â 000", "ÃƒÂ¶ ÃƒÆ’Ã‚Â¶ Ä‚Â¶ smĂ¶rgĂĄs",
       "РџСЂРёРІРµС‚ РјРёСЂ, Різні міста", "√§ ‚Äì ├ñ ΓÇ£ ðŸ˜€ í\u00A0½í¸\u0080",
       "Räksmörgås, idé…” beauté\u00A0» Úžas"},
      {"Ã",  "Â",     "â€",     "â€œ",    " ",  "\u00A0", "\uFFFD", "Ð",  "Ñ",
       "ðŸ", "í",     "\u0080", "\u009D", "\n", "√",      "├",      "‚Ä", std::string(300, 'a'),
       "Ä‚", "\u00AD"},
      [](std::string_view text) {
        clean::WorkingDocument document{std::string(text), ""};
        clean::MojibakeRule().apply(document);
        return document.text;
      });
}

Target entities() {
  return text_change(
      "entities",
      {"R&auml;k &amp;amp; &#229;&#xE5; &NotEqualTilde; &EACUTE; &#55357;&#56832;",
       "AT&T ?a=1&copy=2 &;&#;&#x;"},
      {"&", ";", "&#", "&#x", "&#55357;", "&#56832;", "&amp;", "&SZLIG;", "1114112", "D800", "ö", "&&&&"},
      clean::decode_entities);
}

Target escapes() {
  return text_change(
      "escapes", {"\x1B[31;1mr\x1B[0m \x1B]0;ä\x07 \x1B(B \x1B]8;;u\x1B\\x", "inget"},
      {"\x1B", "\x1B[", "\x1B]", "\x07", "\\", "m", ";", "?", "å", "\n"},
      [](std::string_view text) { return clean::remove_invisible(clean::remove_terminal_escapes(text)); });
}

// Letters and all signs but those that divide words, which joining them may move but neither lose nor add.
std::string without_dividers(std::string_view text) {
  std::string out;
  text::for_each_code_point(text, [&](char32_t point, std::size_t begin, std::size_t length) {
    const bool divides = point == '-' || point == 0x2010 || point == 0xAD || point == ' ' || point == '\n';
    if (!divides) out.append(text, begin, length);
  });
  return out;
}

Target line_hyphens() {
  return text_change("line_hyphens",
                     {"ett exem-\npel på för-\noch nackdelar, e-\npost",
                      "räk\u00ADsm\u00AD\nörgås SMS-\nlån\nmång-\nordig-\nhet"},
                     {"-\n", "\n", " ", "\u00AD\n", "\u2010\n", "och", "A", "é", "-", "\n\n"},
                     [](std::string_view text) {
                       std::string joined = clean::join_divided_words(text);
                       if (without_dividers(joined) != without_dividers(text))
                         throw std::logic_error("letters were lost");
                       return joined;
                     });
}

// All repairs, in the order of the standard recipe.
std::string repaired(std::string_view text) {
  clean::Rules rules;
  rules.push_back(std::make_unique<clean::EntitiesRule>());
  rules.push_back(std::make_unique<clean::MojibakeRule>());
  rules.push_back(std::make_unique<clean::TerminalEscapesRule>());
  rules.push_back(std::make_unique<clean::InvisibleCharactersRule>());
  rules.push_back(std::make_unique<clean::NormalizationRule>());
  rules.push_back(std::make_unique<clean::WhitespaceRule>());
  clean::WorkingDocument document{std::string(text), ""};
  clean::apply_repairs(rules, document);
  return document.text;
}

Target repairs() {
  return text_change(
      "repairs",
      {"R&auml;ksm&ouml;rgÃ¥s â€œbraâ€ &amp;amp; \u200B\u00ADÃ¶\r\n\r\n\r\n a\u030A",
       "\uFEFF\u2764\uFE0F &#146; \x1B[1m 10\u00A0000\t kr\u2028ï»¿ РџСЂРёРІРµС‚"},
      {"&", "amp;",   "&#",     ";", "Ã",  "Â",  "â€",     "\u00AD", "\u200B", "\u200D", "\x1B[",
       "m", "\u0301", "\u00A0", " ", "\n", "\r", "\u0085", "a",      "é",      "\uFFFD"},
      repaired);
}

void check_spans(std::string_view text, const std::vector<clean::Span>& spans) {
  std::size_t done = 0;
  for (const clean::Span& span : spans) {
    if (span.begin < done || span.end <= span.begin || span.end > text.size())
      throw std::logic_error("a span is out of order");
    done = span.end;
  }
}

// Bytes outside of the spans stay, in their order, and each span is one mask.
void check_masked(std::string_view text, const std::vector<clean::Span>& spans, std::string_view masked,
                  std::string_view mask) {
  const auto take = [&masked](std::string_view expected) {
    if (!masked.starts_with(expected)) throw std::logic_error("a byte beside the personal data changed");
    masked.remove_prefix(expected.size());
  };
  std::size_t done = 0;
  for (const clean::Span& span : spans) {
    take(text.substr(done, span.begin - done));
    take(mask);
    done = span.end;
  }
  take(text.substr(done));
  if (!masked.empty()) throw std::logic_error("something was added");
}

Target personal_data() {
  return text_change(
      "personal_data",
      {"Skriv till anna.berg@exempel.se, +46 (0)70-123 45 67, (+46) 8 12 34 56 78, 0046 8 123 456, tel. 12 "
       "34 56 78",
       "811218-9876 01019040034 131052-308T 120174-3399 SE45 5000 0000 0583 9825 7466 81.224.10.7 "
       "2001:67c:2e8:22::c100:68b"},
      {"@", "+46", "(0)", "(+", ")", "-", " ", ".", ":", "::", "0", "00", "tel ", "å", "SE45", "é@",
       "1234567890123456"},
      [](std::string_view text) {
        std::string masked(text);
        for (const auto find : {clean::find_emails, clean::find_ibans, clean::find_ip_addresses,
                                clean::find_identity_numbers, clean::find_phone_numbers}) {
          const auto spans = find(masked);
          check_spans(masked, spans);
          const std::string before = masked;
          masked = clean::with_mask(before, spans, "<X>");
          check_masked(before, spans, masked, "<X>");
          check_valid(masked);
        }
        return masked;
      },
      Twice::may_change_more);  // a mask parts what stood beside
}

Target statistics() {
  clean::Statistics sample;
  sample.bytes = 7;
  sample.characters_per_document.add(6);
  sample.words_per_sentence.add(0);
  sample.languages["sv"] = {1, 6, 1};
  sample.sources.of("a") = sample;
  sample.sources.set_others(sample);
  return {"statistics",
          {clean::json_of(sample), clean::json_of(clean::Statistics{})},
          {"\"histogram\"", "\"3\":1", "-1", "1e3", "18446744073709551616", "null", "{", "}", ":", ",",
           "\"sum\":", "\"tool\":0,\"statistics\":", "\"other_sources\""},
          [](const std::string& json) {
            try {
              const auto statistics = clean::parse_statistics_or_throw(json, "fuzz");
              const std::string written = clean::json_of(statistics);
              if (clean::json_of(clean::parse_statistics_or_throw(written, "written")) != written) {
                throw std::logic_error("what was written is not what was read");
              }
            } catch (const io::DataError&) {
              return false;
            }
            return true;
          }};
}

Target record_fields() {
  return {"record_fields",
          {R"({"text":"a","url":"b","n":[1,{"text":2}],"content":null})",
           R"({"content":"x","text":"\u00e5\"","z":1.50e3})"},
          {"\"text\":", "\"content\":", "\"url\":1,", "\\u0074", "{", "}", "[", "]", ",", ":", "\"", "\\",
           "null", " "},
          [parser = std::make_shared<io::DocumentParser>()](const std::string& line) {
            io::Document document;
            try {
              document = parser->parse_or_throw(line, "fuzz", 1);
            } catch (const io::DataError&) {
              return false;
            }
            clean::RecordFields fields({{}, {{"text", "content"}, {"url", "text"}}, {}});
            const std::string chosen = fields.chosen(document.record);
            if (io::DocumentParser("content").parse_or_throw(chosen, "chosen", 1).text != document.text) {
              throw std::logic_error("the renamed text is another");
            }
            return true;
          }};
}

}  // namespace

std::vector<Target> all_targets() {
  std::vector<Target> targets = {mojibake(), entities(),      escapes(),    line_hyphens(),
                                 repairs(),  personal_data(), statistics(), record_fields()};
  for (Target& target : clean_document_targets()) targets.push_back(std::move(target));
  return targets;
}

}  // namespace gpt::fuzz
