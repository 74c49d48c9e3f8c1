#include "tests/fuzz/clean_document_targets.hpp"

#include <map>
#include <memory>
#include <stdexcept>
#include <string_view>

#include <simdjson.h>

#include "apps/gpt-clean/cleaner.hpp"
#include "apps/gpt-clean/recipe.hpp"
#include "libcommon/cli/errors.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/readable_json.hpp"
#include "libcommon/text/normalize.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::fuzz {
namespace {

using clean::Outcome;
using clean::Rule;

clean::Recipe recipe_of(const std::string& text) {
  clean::Recipe recipe;
  recipe.append_or_throw(text, "fuzz");
  return recipe;
}

// Applies the rules as gpt-clean does, until one drops the document; what each may do is held against its
// unit.
void apply_rules(const clean::Rules& rules, clean::WorkingDocument& document) {
  for (const auto& rule : rules) {
    const std::string before = document.text;
    const Outcome outcome = rule->apply(document);
    const std::string name(rule->name());
    if (!text::is_valid_utf8(document.text)) throw std::logic_error(name + " left what is not valid UTF-8");
    const bool has_changed = document.text != before;
    if (has_changed &&
        (outcome.fate == Outcome::Fate::dropped || rule->unit() == Rule::Unit::documents_dropped))
      throw std::logic_error(name + " changed a document beside dropping it");
    if (has_changed && outcome.count == 0 && rule->unit() != Rule::Unit::sentences_dropped)
      throw std::logic_error(name + " changed a text and does not count it");
    if (outcome.fate == Outcome::Fate::dropped) return;
    document.text_changed();
  }
}

// What is repaired is in canonical composition, and what reads as nothing but text stays as it is when it is
// repaired again. (Removing what is invisible may bring an entity or a misread letter together, once.)
Target repair() {
  struct Repair {
    clean::Rules all = clean::make_rules_or_throw(recipe_of(
        "html-entities\nmojibake\nterminal-escapes\ninvisible-characters\nnormalization\nwhitespace"));
    clean::Rules characters = clean::make_rules_or_throw(
        recipe_of("terminal-escapes\ninvisible-characters\nnormalization\nwhitespace"));
  };
  return {"repair",
          {"R\xC3\x83\xC2\xA4ksm\xC3\x83\xC2\xB6rg\xC3\x83\xC2\xA5s &amp; \x1B[1mfet\x1B[0m a\xCC\x8A  "
           "b\r\n\n\n\nc",
           "\xEF\xBB\xBF\xE2\x80\x8Bord\xC2\xADord \xE1\x84\x80\xE1\x85\xA1 \xC2\x85 e\xCC\x81\xCC\xA3",
           "a\xE2\x80\x8D\xEF\xBB\xBF\xE2\x80\x8D"
           "b \xD8\xA8\xE2\x80\x8C\xD8\xA8"},
          {"&amp;",        "&#x30A;",  "&#27;[1m", "\x1B[",    "\x1B]",    "m",
           "\xC3\x83",     "\xC3\x82", "\xC2\xA0", "\xCC\x8A", "\xCD\x84", "\xE2\x80\x8D",
           "\xEF\xBF\xBD", "\xC2\x80", "\n",       " ",        "\t",       "\xE2\x80\xA8",
           "\xE1\x85\xA1", "&",        ";"},
          [rules = std::make_shared<Repair>()](const std::string& bytes) {
            const bool valid = text::is_valid_utf8(bytes);
            clean::WorkingDocument document(valid ? bytes : text::repair_utf8(bytes));
            apply_rules(rules->all, document);
            if (!text::is_normalized(document.text)) throw std::logic_error("the repaired text is not NFC");
            const std::string repaired = document.text;
            apply_rules(rules->characters, document);
            if (document.text != repaired) throw std::logic_error("a second repair changes the text again");
            return valid;
          }};
}

// The first byte chooses the preset.
Target presets() {
  const auto all = std::make_shared<std::vector<clean::Rules>>();
  for (const std::string& name : clean::installed_presets())
    all->push_back(clean::make_rules_or_throw(recipe_of("preset " + name)));
  all->push_back(clean::make_rules_or_throw(recipe_of(
      "line-hyphens\nstraight-quotes\nligatures\ncharacter-width\nredact-email\nredact-iban\nredact-ip\n"
      "redact-personnummer\nredact-phone\n")));
  const std::string swedish =
      "Det var en g\xC3\xA5ng en liten katt som hette Misse. Han bodde i ett r\xC3\xB6tt hus vid "
      "sj\xC3\xB6n, och "
      "varje dag gick han ut f\xC3\xB6r att fiska. En dag kom det en stor hund, som sade: "
      "\xE2\x80\x9DHej!\xE2\x80\x9D\n";
  return {"presets",
          {std::string(1, '\5') + swedish + swedish, std::string(1, '\2') + "a b c\n- d\n- e\n# f...",
           std::string(1, '\3') + "Use of javascript. Lorem ipsum {\nCookie policy.\n[1] Terms of use",
           std::string(1, '\6') + "a@b.se 070-123 45 67 811218-9876 \xEF\xAC\x81 \xE2\x80\x9Cx\xE2\x80\x9D"},
          {"\n",
           "\n\n",
           ". ",
           "...",
           "\xE2\x80\xA6",
           "- ",
           "\xE2\x80\xA2",
           "#",
           "{",
           "lorem ipsum",
           "javascript",
           "http://a.b",
           "1",
           "och",
           "the",
           "\xC3\xA5",
           "\xFF",
           "\"",
           "[1]",
           "@",
           std::string(1, '\1'),
           std::string(1, '\4')},
          [all](const std::string& bytes) {
            if (bytes.empty()) return false;
            const bool valid = text::is_valid_utf8(bytes);
            const std::string text = bytes.substr(1);
            clean::WorkingDocument document(text::repair_utf8(text));
            apply_rules((*all)[static_cast<unsigned char>(bytes.front()) % all->size()], document);
            return valid;
          }};
}

// A recipe that was accepted, written and read again is the same.
Target recipes() {
  return {"recipes",
          {"# comment\npreset repair\nword-count min=5 max=100\nlanguage keep=sv,da\n",
           "line-punctuation min=0.12 marks=.,!,?,\\\",\" \" from-words=50\r\nempty\n"},
          {"preset ",
           "repair",
           "min=",
           "max=",
           "=",
           "\"",
           "\\",
           "#",
           "\n",
           " ",
           "1e9",
           "-1",
           "nan",
           ",",
           "_",
           "word-count",
           "language keep=",
           "stop-words",
           "redact-phone",
           "min-chars ",
           "\xFF"},
          [](const std::string& text) {
            clean::Recipe recipe;
            try {
              recipe.append_or_throw(text, "fuzz");
            } catch (const cli::UsageError&) {
              return false;
            }
            clean::Recipe again;
            again.append_or_throw(recipe.text(), "again");
            if (again.text() != recipe.text()) throw std::logic_error("the recipe written reads as another");
            return true;
          }};
}

using Fields = std::map<std::string, std::string>;  // values as minified JSON; of equal names the last

// Throws simdjson::simdjson_error where it is no JSON object.
Fields fields_of(std::string record) {
  io::make_readable(record);
  simdjson::dom::parser parser;
  Fields fields;
  for (const auto field : simdjson::dom::object(parser.parse(record)))
    fields[std::string(field.key)] = simdjson::minify(field.value);
  return fields;
}

// A kept record is JSON with all the fields of the one read, its text repaired.
void check_record(const std::string& line, const std::string& kept) {
  Fields before = fields_of(line);
  Fields after = fields_of(kept);
  for (const char* name : {"text", "quality", "fails"}) {
    before.erase(name);
    after.erase(name);
  }
  if (before != after) throw std::logic_error("other fields of the record changed");
}

io::LineBatch batch_of(const std::string& line) {
  io::LineBatch batch;
  batch.file = std::make_shared<std::string>("fuzz");
  batch.bytes = line + std::string(io::LineBatchReader::kReadableBehind, ' ');
  batch.spans = {{0, line.size()}};
  return batch;
}

Target records() {
  struct Tool {
    Tool() : recipe(recipe_of("preset repair\nword-count min=2\nredact-email")) {
      options.annotate = true;
      cleaner = std::make_unique<clean::Cleaner>(options, recipe, io::DocumentFormat::jsonl);
    }
    clean::Options options;
    clean::Recipe recipe;
    std::unique_ptr<clean::Cleaner> cleaner;
  };
  return {"records",
          {R"({"text":"R\u00c3\u00a4k &amp; a@b.se","url":"b","n":[1,{"text":2}],"x":null})",
           R"({"quality":{"a":1},"text":"x","fails":[],"t\u0065xt":"y","z":1.50e3, "d":1, "d":2})",
           R"({"n":123456789012345678901234567890,"h":"\ud83d\ud83d","text":"x"})"},
          {"\"text\":", "\"quality\":", "\"fails\":1,", "\\u0074", "{", "}", "[", "]", ",", ":", "\"", "\\",
           "null", "1e999", "\\ud83d", "\xC3\x83\xC2\xA5", "\xFF"},
          [tool = std::make_shared<Tool>()](const std::string& line) {
            if (line.find('\n') != std::string::npos) return false;
            clean::CleanedBatch result;
            try {
              result = tool->cleaner->clean_or_throw(batch_of(line), io::DocumentFormat::jsonl);
            } catch (const io::DataError&) {
              return false;
            }
            if (!text::is_valid_utf8(result.kept)) throw std::logic_error("the output is not valid UTF-8");
            if (!result.kept.empty()) check_record(text::repair_utf8(line), result.kept);
            return true;
          }};
}

}  // namespace

std::vector<Target> clean_document_targets() { return {repair(), presets(), recipes(), records()}; }

}  // namespace gpt::fuzz
