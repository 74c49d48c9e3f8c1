#include "apps/gpt-dedup/digester.hpp"

#include "apps/gpt-dedup/url_form.hpp"
#include "libcommon/io/document_batch.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::dedup {
namespace {

// The field that is digested comes first, the text last; they may be one.
std::vector<std::string> keys_of(const Options& options) {
  if (options.method != Method::url) return {options.corpus.text_key};
  if (options.keep.keep != Keep::longest) return {options.url_key};
  return {options.url_key, options.corpus.text_key};
}

// An empty address equals none: its place stands for it.
Digest digest_of_address(std::string_view address, std::size_t file, std::uint64_t line) {
  std::string form = comparable_url(address);
  // No form has a line end.
  if (form.empty()) form = "\n" + std::to_string(file) + ":" + std::to_string(line);
  return digest_bytes(form);
}

}  // namespace

BatchDigester::BatchDigester(const Corpus& corpus, const Options& options)
    : corpus_(corpus),
      options_(options),
      keys_(keys_of(options)),
      shingler_(options.minhash.shingles),
      hasher_(options.minhash.seeds, options.common.seed) {
  if (options.keep.keep == Keep::best) number_.emplace(options.keep.field);
}

double BatchDigester::score(std::string_view line, io::DocumentFormat format, const std::string& text) {
  if (!number_) return static_cast<double>(text::count_code_points(text));
  return format == io::DocumentFormat::text ? NumberField::kNone : number_->read(line);
}

DigestedBatch BatchDigester::digest_or_throw(const io::LineBatch& batch) {
  const io::DocumentFormat format = corpus_.format(batch.file_index);
  io::FieldBatch parsed = io::parse_fields_or_throw(batch, parser_, format, keys_, options_.corpus.on_error);
  DigestedBatch out;
  out.lines = std::move(parsed.lines);
  out.errors = std::move(parsed.errors);
  const auto seeds = static_cast<std::size_t>(options_.minhash.seeds);
  if (options_.method == Method::minhash) out.signatures.resize(parsed.values.size() * seeds);
  for (std::size_t i = 0; i < parsed.values.size(); ++i) {
    const std::string& compared = parsed.values[i].front();
    const std::string& text = parsed.values[i].back();
    out.digests.push_back(options_.method == Method::url
                              ? digest_of_address(compared, batch.file_index, out.lines[i])
                              : digester_.digest(compared));
    if (options_.method == Method::minhash)
      hasher_.sign(shingler_, text, std::span(out.signatures).subspan(i * seeds, seeds));
    if (options_.keep.keep != Keep::first)
      out.scores.push_back(score(batch.line(out.lines[i] - batch.first_line), format, text));
  }
  return out;
}

}  // namespace gpt::dedup
