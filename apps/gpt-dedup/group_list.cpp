#include "apps/gpt-dedup/group_list.hpp"

#include <algorithm>
#include <numeric>

#include "apps/gpt-dedup/verify.hpp"
#include "libcommon/cli/stop_signals.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::dedup {
namespace {

class GroupLister {
 public:
  GroupLister(const GroupedCorpus& corpus, const MinHashOptions& options)
      : corpus_(corpus), judge_(corpus.signatures, corpus.texts, options) {}

  std::string line(std::span<const DocumentId> members) {
    const DocumentId chosen = corpus_.selection.chosen[corpus_.groups.name(members.front())];
    std::string line = "{\"chosen\":";
    append_place(line, corpus_.places.place(chosen), corpus_.files);
    line += ",\"members\":[";
    for (const DocumentId member : members) {
      if (member != members.front()) line += ',';
      append_place(line, corpus_.places.place(member), corpus_.files);
      line.pop_back();  // the place's closing brace
      line += corpus_.selection.kept[member] ? ",\"kept\":true" : ",\"kept\":false";
      if (member != chosen) append_similarity(line, corpus_.equal_to[chosen], corpus_.equal_to[member]);
      line += '}';
    }
    return line + "]}\n";
  }

 private:
  void append_similarity(std::string& line, DocumentId a, DocumentId b) {
    if (a == b) {
      line += ",\"equal\":true";
      return;
    }
    append_similarities(line, judge_.compare(row_of(std::min(a, b)), row_of(std::max(a, b))));
  }

  Row row_of(DocumentId document) const {
    Row low = 0;
    for (auto count = static_cast<Row>(corpus_.signatures.size()); count > 0;) {
      const Row step = count / 2;
      if (corpus_.signatures.document(low + step) < document) {
        low += step + 1;
        count -= step + 1;
      } else {
        count = step;
      }
    }
    return low;
  }

  const GroupedCorpus& corpus_;
  PairJudge judge_;
};

// Documents that share a group with another, group by group.
std::vector<DocumentId> grouped_documents(const DisjointSets& groups) {
  std::vector<bool> shared(groups.size());
  for (DocumentId document = 0; document < groups.size(); ++document) {
    if (groups.name(document) == document) continue;
    shared[document] = true;
    shared[groups.name(document)] = true;
  }
  std::vector<DocumentId> documents;
  for (DocumentId document = 0; document < groups.size(); ++document)
    if (shared[document]) documents.push_back(document);
  std::stable_sort(documents.begin(), documents.end(),
                   [&](DocumentId a, DocumentId b) { return groups.name(a) < groups.name(b); });
  return documents;
}

}  // namespace

void write_groups(const GroupedCorpus& corpus, const MinHashOptions& options, io::OutputFile& output) {
  const std::vector<DocumentId> documents = grouped_documents(corpus.groups);
  GroupLister lister(corpus, options);
  for (std::size_t begin = 0; begin < documents.size();) {
    cli::throw_if_stop_requested();
    std::size_t end = begin;
    while (end < documents.size() &&
           corpus.groups.name(documents[end]) == corpus.groups.name(documents[begin]))
      ++end;
    output.write_or_throw(lister.line(std::span(documents).subspan(begin, end - begin)));
    begin = end;
  }
}

}  // namespace gpt::dedup
