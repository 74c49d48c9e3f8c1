#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "apps/gpt-dedup/rewrite/kept_documents.hpp"
#include "apps/gpt-dedup/rewrite/record_writer.hpp"
#include "apps/gpt-dedup/rewrite/rewrite_result.hpp"

namespace gpt::dedup {

// Takes whole lines, in order.
using LineSink = std::function<void(std::string_view)>;

// Something that is taken out of texts: reads the documents as often as it needs to and hands on what is left
// of them, in order. The names are those of the report.
struct RewriteStep {
  std::string name;
  std::function<RewriteResult(KeptDocuments& documents, const RecordWriter& writer, const LineSink& output)>
      run;
};

}  // namespace gpt::dedup
