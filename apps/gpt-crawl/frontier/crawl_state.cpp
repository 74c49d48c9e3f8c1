#include "apps/gpt-crawl/frontier/crawl_state.hpp"

#include <cstdio>

#include "libcommon/io/errors.hpp"

namespace gpt::crawl {
namespace {

// Raised when the tables change, so that a state of another release is refused rather than misread.
constexpr const char* kFormat = "1";

constexpr const char* kTables = R"(
CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS urls (id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, host TEXT NOT NULL,
                                 depth INTEGER NOT NULL, redirects INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS waiting ON urls (host, id) WHERE done = 0;
CREATE TABLE IF NOT EXISTS sites (site TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS pages (id INTEGER PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS links (id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, internal INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS counts (kind TEXT NOT NULL, key TEXT NOT NULL, value INTEGER NOT NULL,
                                   PRIMARY KEY (kind, key));
)";

Database opened_with_tables(const std::string& path) {
  Database database(path);
  database.execute_or_throw("BEGIN IMMEDIATE");
  database.execute_or_throw(kTables);
  return database;
}

}  // namespace

CrawlState::CrawlState(const std::string& path, const std::string& fingerprint)
    : database_(opened_with_tables(path)),
      insert_url_(database_.prepare_or_throw(
          "INSERT OR IGNORE INTO urls (url, host, depth, redirects) VALUES (?1, ?2, ?3, ?4)")),
      select_waiting_(
          database_.prepare_or_throw("SELECT id, url, depth, redirects FROM urls WHERE host = ?1 AND "
                                     "done = 0 AND id > ?2 ORDER BY id LIMIT ?3")),
      finish_url_(database_.prepare_or_throw("UPDATE urls SET done = 1 WHERE id = ?1")),
      insert_page_(database_.prepare_or_throw("INSERT INTO pages (record) VALUES (?1)")),
      insert_link_(
          database_.prepare_or_throw("INSERT OR IGNORE INTO links (url, internal) VALUES (?1, ?2)")) {
  std::map<std::string, std::string> about;
  auto rows = database_.prepare_or_throw("SELECT key, value FROM about");
  while (rows.step_or_throw()) about[rows.text(0)] = rows.text(1);
  resumed_ = !about.empty();
  if (resumed_ && (about["format"] != kFormat || about["crawl"] != fingerprint))
    throw io::IoError(
        path,
        "holds an unfinished crawl from other start addresses or to another depth; give its command "
        "again to finish it, or remove the file to forget it",
        0);
  if (!resumed_) {
    auto insert = database_.prepare_or_throw("INSERT INTO about (key, value) VALUES (?1, ?2)");
    insert.bind(1, "format").bind(2, kFormat).run_or_throw();
    insert.bind(1, "crawl").bind(2, fingerprint).run_or_throw();
  }
  load();
}

void CrawlState::load() {
  auto sites = database_.prepare_or_throw("SELECT site FROM sites");
  while (sites.step_or_throw()) sites_.insert(sites.text(0));
  load_counts();
}

bool CrawlState::add_url(const Url& url, std::int64_t depth, std::int64_t redirects) {
  return insert_url_.bind(1, url.text())
             .bind(2, url.host())
             .bind(3, depth)
             .bind(4, redirects)
             .run_or_throw() > 0;
}

std::vector<QueuedUrl> CrawlState::waiting_of_host(const std::string& host, std::int64_t after_id,
                                                   int at_most) {
  std::vector<QueuedUrl> found;
  select_waiting_.bind(1, host).bind(2, after_id).bind(3, std::int64_t{at_most});
  while (select_waiting_.step_or_throw()) {
    const auto url = Url::parse(select_waiting_.text(1));
    if (!url) throw io::IoError(database_.path(), "the crawl's state is damaged; remove it to begin anew", 0);
    found.push_back({select_waiting_.number(0), *url, select_waiting_.number(2), select_waiting_.number(3)});
  }
  return found;
}

std::vector<std::string> CrawlState::waiting_hosts() {
  std::vector<std::string> hosts;
  auto rows =
      database_.prepare_or_throw("SELECT host FROM urls WHERE done = 0 GROUP BY host ORDER BY min(id)");
  while (rows.step_or_throw()) hosts.push_back(rows.text(0));
  return hosts;
}

std::uint64_t CrawlState::waiting_count() {
  auto rows = database_.prepare_or_throw("SELECT count(*) FROM urls WHERE done = 0");
  return rows.step_or_throw() ? static_cast<std::uint64_t>(rows.number(0)) : 0;
}

std::uint64_t CrawlState::visited_hosts() {
  auto rows = database_.prepare_or_throw("SELECT count(DISTINCT host) FROM urls WHERE done = 1");
  return rows.step_or_throw() ? static_cast<std::uint64_t>(rows.number(0)) : 0;
}

void CrawlState::finish_url(std::int64_t id) { finish_url_.bind(1, id).run_or_throw(); }

std::uint64_t CrawlState::finish_host(const std::string& host) {
  auto update = database_.prepare_or_throw("UPDATE urls SET done = 1 WHERE host = ?1 AND done = 0");
  return static_cast<std::uint64_t>(update.bind(1, host).run_or_throw());
}

void CrawlState::add_site(const std::string& site) {
  if (!sites_.insert(site).second) return;
  database_.prepare_or_throw("INSERT OR IGNORE INTO sites (site) VALUES (?1)").bind(1, site).run_or_throw();
}

void CrawlState::add_page(const std::string& record) { insert_page_.bind(1, record).run_or_throw(); }

void CrawlState::for_each_page(const std::function<void(const std::string&)>& visit) {
  auto rows = database_.prepare_or_throw("SELECT record FROM pages ORDER BY id");
  while (rows.step_or_throw()) visit(rows.text(0));
}

void CrawlState::add_link(LinkKind kind, const Url& url) {
  insert_link_.bind(1, url.text()).bind(2, std::int64_t{kind == LinkKind::internal}).run_or_throw();
}

void CrawlState::for_each_link(const std::function<void(LinkKind, const std::string&)>& visit) {
  auto rows = database_.prepare_or_throw("SELECT internal, url FROM links ORDER BY id");
  while (rows.step_or_throw())
    visit(rows.number(0) != 0 ? LinkKind::internal : LinkKind::external, rows.text(1));
}

void CrawlState::load_counts() {
  auto rows = database_.prepare_or_throw("SELECT kind, key, value FROM counts");
  while (rows.step_or_throw()) {
    const auto value = static_cast<std::uint64_t>(rows.number(2));
    if (rows.text(0) == "skipped") counts_.skipped[rows.text(1)] = value;
    if (rows.text(0) == "status") counts_.statuses[rows.text(1)] = value;
    if (rows.text(0) != "sum") continue;
    if (rows.text(1) == "pages") counts_.pages = value;
    if (rows.text(1) == "bytes") counts_.bytes = value;
    if (rows.text(1) == "text_bytes") counts_.text_bytes = value;
    if (rows.text(1) == "visited") counts_.visited = value;
    if (rows.text(1) == "redirects") counts_.redirects = value;
  }
}

void CrawlState::save_counts() {
  auto insert =
      database_.prepare_or_throw("INSERT OR REPLACE INTO counts (kind, key, value) VALUES (?1, ?2, ?3)");
  const auto save = [&](std::string_view kind, std::string_view key, std::uint64_t value) {
    insert.bind(1, kind).bind(2, key).bind(3, static_cast<std::int64_t>(value)).run_or_throw();
  };
  save("sum", "pages", counts_.pages);
  save("sum", "bytes", counts_.bytes);
  save("sum", "text_bytes", counts_.text_bytes);
  save("sum", "visited", counts_.visited);
  save("sum", "redirects", counts_.redirects);
  for (const auto& [key, value] : counts_.skipped) save("skipped", key, value);
  for (const auto& [key, value] : counts_.statuses) save("status", key, value);
}

void CrawlState::commit() {
  save_counts();
  database_.execute_or_throw("COMMIT");
  database_.execute_or_throw("BEGIN IMMEDIATE");
}

void CrawlState::remove() {
  database_.execute_or_throw("COMMIT");
  if (!database_.path().empty()) std::remove(database_.path().c_str());
}

}  // namespace gpt::crawl
