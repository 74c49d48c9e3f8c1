// What gpt-dedup reads and cuts.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "apps/gpt-dedup/embedding/vectors.hpp"
#include "apps/gpt-dedup/embedding/vectors_field.hpp"
#include "apps/gpt-dedup/embedding/vectors_npy.hpp"
#include "apps/gpt-dedup/exact.hpp"
#include "apps/gpt-dedup/number_field.hpp"
#include "apps/gpt-dedup/rewrite/decontaminator.hpp"
#include "apps/gpt-dedup/rewrite/substrings.hpp"
#include "apps/gpt-dedup/rewrite/text_units.hpp"
#include "apps/gpt-dedup/run.hpp"
#include "apps/gpt-dedup/url_form.hpp"
#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/text/utf8.hpp"
#include "tests/fuzz/scratch_folder.hpp"
#include "tests/fuzz/targets.hpp"

namespace gpt::fuzz {
namespace {

std::vector<std::string> lines_of(const std::string& bytes) {
  std::vector<std::string> lines;
  std::istringstream stream(bytes);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// A NumPy array of version 1.
std::string npy(const std::string& header, const std::string& data) {
  const auto length = static_cast<char>(header.size());
  return std::string("\x93NUMPY\1\0", 8) + length + '\0' + header + data;
}

// Promise of an array that was accepted: every row can be read, and taken up as a vector of norm 1 or 0.
void read_rows(const dedup::NpyVectors& vectors) {
  constexpr std::size_t kEnough = 64;
  std::vector<float> row(vectors.columns());
  dedup::VectorTable table(vectors.columns(), 0);
  for (std::size_t i = 0; i < std::min(vectors.rows(), kEnough); ++i) {
    vectors.read_or_throw(i, row);
    if (!std::all_of(row.begin(), row.end(), [](float value) { return std::isfinite(value); }))
      throw std::logic_error("a vector that is not finite");
    table.add(row);
    double norm = 0;
    for (const float value : table.row(i)) norm += static_cast<double>(value) * static_cast<double>(value);
    if (!(norm < 1e-12 || std::fabs(norm - 1) < 1e-3)) throw std::logic_error("a vector was not normed");
  }
}

Target npy_vectors() {
  return {"npy_vectors",
          {npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n",
               std::string("\0\0\x80\x3f\0\0\0\0\0\0\0\x40\0\0\x80\x3f\0\0\0\0\0\0\0\x40", 24)),
           npy("{'shape':(1,2),'descr':'<f8','fortran_order':False}", std::string(16, '\x3f'))},
          {"'descr'", "'<f8'", "'shape'", "(2, 3)", "(0,1)", "18446744073709551615", "False", "True", "{",
           "}", ",", "\x93NUMPY\2", std::string(8, '\0'), std::string(4, '\xff'),
           std::string("\0\0\x80\x7f", 4), std::string("\1\0\0\0", 4)},
          [folder = std::make_shared<ScratchFolder>()](const std::string& bytes) {
            folder->write("v.npy", bytes);
            try {
              read_rows(dedup::NpyVectors::open_or_throw(folder->path("v.npy")));
            } catch (const io::DataError&) {
              return false;
            }
            return true;
          }};
}

// A record's vector and number are finite, or there are none.
Target number_fields() {
  return {
      "number_fields",
      {R"({"v":[1,2.5,-3e-2],"text":"a"})", R"({"v":[],"v":[1e38,0],"n":5,"n":-1.5e3})"},
      {"\"v\":", "\"n\":", "[", "]", "1e39", "1e309", "-0", "18446744073709551616", "null", "{", "}", ","},
      [vectors = std::make_shared<dedup::VectorField>("v"),
       numbers = std::make_shared<dedup::NumberField>("n")](const std::string& line) {
        if (std::isnan(numbers->read(line))) throw std::logic_error("a number that is none");
        try {
          for (const float value : vectors->read_or_throw(line, "fuzz", 1)) {
            if (!std::isfinite(value)) throw std::logic_error("a vector that is not finite");
          }
        } catch (const io::DataError&) {
          return false;
        }
        return true;
      }};
}

Target url_forms() {
  return {"url_forms",
          {"https://www.Example.org:443/a/b/?utm_source=x&id=1#top", "http://example.org/%7ea%2fb?fbclid=1",
           "//h:80/?a=&b", "HTTP://R\xC3\xA4k.se/\xC3\xA5/"},
          {"http://", "https://", "www.", ":80", ":443", "?", "&", "utm_", "gclid=", "%", "%41", "%2", "#",
           "/", "=", "\xff", std::string(1, '\0')},
          [](const std::string& url) {
            const std::string form = dedup::comparable_url(url);
            if (form.size() > url.size()) throw std::logic_error("the form is longer than the address");
            if (form.find('#') != std::string::npos) throw std::logic_error("the fragment is still there");
            return !form.empty();
          }};
}

// Folding case and white space a second time changes nothing, and keeps the digest.
Target folded_texts() {
  return {"folded_texts",
          {"  En  Text\r\nmed STORA \xC3\x84rter\t", "\xC7\x85 \xE1\xBA\x9E \xC4\xB0 \xF0\x9D\x90\x80"},
          {" ", "\n", "\xC2\xA0", "\xE3\x80\x80", "\xE2\x80\xA8", "\xC5\xBF", "\xCE\xA3", "\xE2\x84\xAA"},
          [digester = std::make_shared<dedup::TextDigester>()](const std::string& bytes) {
            const bool valid = text::is_valid_utf8(bytes);
            const std::string text = valid ? bytes : text::repair_utf8(bytes);
            const std::string folded(digester->fold(text));
            if (!text::is_valid_utf8(folded)) throw std::logic_error("the folded text is not valid UTF-8");
            if (digester->digest(folded) != digester->digest(text))
              throw std::logic_error("the folded text has another digest");
            return valid;
          }};
}

// The units of a text make it up; without any of them nothing is left.
void check_units(dedup::UnitSplitter& splitter, std::string_view text) {
  const auto units = splitter.units(text);
  std::size_t reached = 0;
  for (const dedup::TextUnit& each : units) {
    if (each.begin < reached || each.end < each.begin || each.after < each.end)
      throw std::logic_error("units do not follow each other");
    reached = each.after;
  }
  if (!units.empty() && reached != text.size()) throw std::logic_error("units do not make up the text");
  if (dedup::without_units(text, units, std::vector<bool>(units.size(), true)) != text)
    throw std::logic_error("keeping all units changed the text");
  if (!units.empty() && !dedup::without_units(text, units, std::vector<bool>(units.size(), false)).empty())
    throw std::logic_error("keeping no unit left something");
  for (std::size_t only = 0; only < units.size(); only += 1 + units.size() / 8) {
    std::vector<bool> kept(units.size(), false);
    kept[only] = true;
    if (!text::is_valid_utf8(dedup::without_units(text, units, kept)))
      throw std::logic_error("a character was cut");
  }
}

Target text_units() {
  auto splitters = std::make_shared<std::vector<dedup::UnitSplitter>>();
  for (const auto unit :
       {dedup::RepeatUnit::lines, dedup::RepeatUnit::paragraphs, dedup::RepeatUnit::sentences})
    splitters->emplace_back(unit, "en");
  return {"text_units",
          {"one\ntwo\n\nthree. Four\r\n \r\n\nfour", "\n\n  a\n\t\nb"},
          {"\n", "\r", "\r\n", " ", ". ", "A", "\t", "\xC2\xA0", "\xE2\x80\xA9", "\v", "\f"},
          [splitters](const std::string& bytes) {
            const bool valid = text::is_valid_utf8(bytes);
            const std::string text = valid ? bytes : text::repair_utf8(bytes);
            for (dedup::UnitSplitter& splitter : *splitters) check_units(splitter, text);
            return valid;
          }};
}

// By the definition: bytes of runs of `length` that some earlier place repeats, which is over before they
// begin. Runs lie in one text.
std::vector<bool> repeated_by_definition(const std::string& all, std::size_t length) {
  std::vector<bool> repeated(all.size());
  for (std::size_t i = 0; i + length <= all.size(); ++i) {
    const std::string_view run = std::string_view(all).substr(i, length);
    if (run.find('\n') != std::string_view::npos) continue;
    const std::size_t earlier = std::string_view(all).substr(0, i).find(run);
    if (earlier == std::string_view::npos) continue;
    std::fill_n(repeated.begin() + static_cast<std::ptrdiff_t>(i), length, true);
  }
  return repeated;
}

// Lines as texts of a shard.
void check_repeats(const std::string& all, std::size_t length) {
  const std::vector<bool> repeated = repeated_by_definition(all, length);
  dedup::TextShard shard;
  for (const std::string& line : lines_of(all)) shard.add(line);
  const auto ranges = shard.repeats(length);
  std::size_t begin = 0;  // of the text, in all
  for (std::size_t i = 0; i < shard.texts(); ++i) {
    const std::string_view text = shard.text(i);
    std::size_t reached = 0;
    for (const dedup::ByteRange& range : ranges[i]) {
      if (range.begin < reached || range.end <= range.begin || range.end > text.size())
        throw std::logic_error("ranges are out of order");
      reached = range.end;
      for (std::size_t at = range.begin; at < range.end; ++at)
        if (!repeated[begin + at]) throw std::logic_error("a byte goes that says nothing again");
    }
    if (!text::is_valid_utf8(dedup::without_ranges(text, ranges[i])))
      throw std::logic_error("a character was cut");
    begin += text.size() + 1;
  }
}

Target substrings() {
  return {"substrings",
          {"abcabcabc\nxabcabc", "r\xC3\xA4ksm\xC3\xB6rg\xC3\xA5s r\xC3\xA4ksm\xC3\xB6rg\xC3\xA5s",
           "aaaaaaaaaaaaaa\naaaaaaaa", "\n\nab\n"},
          {"abc", "\n", "aaaa", "\xC3\xA4", "\xF0\x9F\x98\x80", "\xFF"},
          [](const std::string& bytes) {
            constexpr std::size_t kEnough = 400;  // the definition takes quadratic time
            const bool valid = text::is_valid_utf8(bytes);
            const std::string text(text::utf8_front(valid ? bytes : text::repair_utf8(bytes), kEnough));
            for (const std::size_t length : {1, 3, 8}) check_repeats(text, length);
            return valid;
          }};
}

// What is left of a document are pieces of it, in order; each cut is an n-gram of the task.
void check_cleaned(std::string_view document, const dedup::CleanedText& cleaned, std::size_t ngrams) {
  const char* reached = document.data();
  for (const std::string_view piece : cleaned.pieces) {
    if (piece.data() < reached || piece.data() + piece.size() > document.data() + document.size())
      throw std::logic_error("a piece lies outside of its place");
    if (!text::is_valid_utf8(piece)) throw std::logic_error("a character was cut");
    reached = piece.data() + piece.size();
  }
  for (const dedup::Cut& cut : cleaned.cuts) {
    if (cut.ngram >= ngrams || cut.character >= document.size()) throw std::logic_error("a cut at no n-gram");
  }
  if (cleaned.cuts.empty() && (cleaned.pieces.size() != 1 || cleaned.pieces.front() != document))
    throw std::logic_error("a document without a cut was changed");
}

// The first line is a task's text, the rest a document.
Target decontamination() {
  return {"decontamination",
          {"vem skrev boken om en katt\nDet sades. Vem skrev boken om en katt? Ingen vet. Slut!",
           "a b c d e f g h\na b c d e f g h a b c d e f g h i. J K L. a B c D", "1 2\n1 2 1 2"},
          {" ", ".", "!", "?", "\n", "a b c", "Vem skrev boken", "\xCC\x88", "_", "\xC3\x85", "\xE2\x84\xAA"},
          [](const std::string& bytes) {
            const bool valid = text::is_valid_utf8(bytes);
            const std::string all = valid ? bytes : text::repair_utf8(bytes);
            const std::size_t line_end = std::min(all.find('\n'), all.size());
            const std::string_view document =
                std::string_view(all).substr(std::min(line_end + 1, all.size()));
            dedup::TaskNgrams tasks({.least = 2, .most = 4});
            tasks.begin_task("task");
            tasks.add_text(std::string_view(all).substr(0, line_end), 1);
            for (const std::size_t side : {0, 3}) {
              dedup::Decontaminator decontaminator(
                  tasks, {.each_side = side, .longest_dropped = side, .most_pieces = 3, .frequent = 10});
              dedup::NgramFrequencies frequencies(tasks.size());
              const auto found = decontaminator.ngrams_of(document);
              frequencies.add(found);
              const auto cleaned = decontaminator.cleaned(document, frequencies);
              check_cleaned(document, cleaned, tasks.size());
              if (found.empty() != cleaned.cuts.empty()) throw std::logic_error("n-grams, and no cut");
            }
            return valid;
          }};
}

std::string deduplicated(const ScratchFolder& folder, int threads) {
  dedup::Options options;
  options.corpus.inputs = {folder.path("a.jsonl")};
  options.corpus.on_error = io::OnError::skip;
  options.corpus.temporary_folder = folder.path("");
  options.output = folder.path("out.jsonl");
  options.minhash.seeds = 8;
  options.minhash.bands = 4;
  options.minhash.threshold = 0.5;
  options.common.threads = threads;
  options.common.force = true;
  options.common.progress = log::ProgressMode::off;
  dedup::run(options);
  return io::read_file_or_throw(options.output);
}

// What is kept are lines of the input in their order, the same with any number of threads, and nothing goes
// from it a second time.
Target deduplication() {
  log::set_level(log::Level::error);
  return {
      "deduplication",
      {"{\"text\":\"en text av n\xC3\xA5gra ord\",\"id\":1}\n{\"id\":2,\"text\":\"En text av n\xC3\xA5gra "
       "ord\"}\n{\"text\":\"en text av n\xC3\xA5gra ord.\"}\n{\"text\":\"helt annan\"}\n"},
      {"\n", "{\"text\":\"", "\"}", "\\u00e5", "\xC3\xA5", " ", "\"text\":", "{\"text\":\"helt annan\"}\n"},
      [folder = std::make_shared<ScratchFolder>()](const std::string& bytes) {
        folder->write("a.jsonl", bytes);
        const std::string kept = deduplicated(*folder, 1);
        const auto lines = lines_of(bytes);
        auto at = lines.begin();
        for (const std::string& line : lines_of(kept)) {
          at = std::find(at, lines.end(), line);
          if (at == lines.end()) throw std::logic_error("a line was kept that is not of the input");
          ++at;
        }
        if (deduplicated(*folder, 3) != kept) throw std::logic_error("threads change what is kept");
        return !kept.empty();
      }};
}

}  // namespace

std::vector<Target> all_targets() {
  return {npy_vectors(), number_fields(), url_forms(),       folded_texts(),
          text_units(),  substrings(),    decontamination(), deduplication()};
}

}  // namespace gpt::fuzz
