#include "apps/gpt-dedup/group_list.hpp"

#include <algorithm>
#include <memory>
#include <numeric>

#include "apps/gpt-dedup/near/verify.hpp"
#include "libcommon/cli/stop_signals.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::dedup {
namespace {

Row row_of(const Signatures& signatures, DocumentId document) {
  Row low = 0;
  for (auto count = static_cast<Row>(signatures.size()); count > 0;) {
    const Row step = count / 2;
    if (signatures.document(low + step) < document) {
      low += step + 1;
      count -= step + 1;
    } else {
      count = step;
    }
  }
  return low;
}

class GroupLister {
 public:
  explicit GroupLister(const GroupedCorpus& corpus) : corpus_(corpus) {}

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
    append_similarities(line, corpus_.comparison(std::min(a, b), std::max(a, b)));
  }

  const GroupedCorpus& corpus_;
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

Comparison comparison_by_signatures(const Signatures& signatures, const Texts* texts,
                                    const MinHashOptions& options) {
  return [&signatures, judge = std::make_shared<PairJudge>(signatures, texts, options)](DocumentId a,
                                                                                        DocumentId b) {
    return judge->compare(row_of(signatures, a), row_of(signatures, b));
  };
}

void write_groups(const GroupedCorpus& corpus, io::OutputFile& output) {
  const std::vector<DocumentId> documents = grouped_documents(corpus.groups);
  GroupLister lister(corpus);
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
