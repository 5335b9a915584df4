#include "native/ledger/postgres_db.h"

#include <poll.h>

#include <cerrno>
#include <utility>

#include "core/base/text.h"

namespace lockstep::ledger {
namespace {

using std::chrono::steady_clock;

/// So many answers at most are left in the server's hands.
constexpr std::size_t kMostSent = 200;
/// Others are told of news; this often is looked without having been told.
constexpr std::chrono::milliseconds kLookAgain{1000};
constexpr Oid kByteaType = 17;

struct PostgresKnown {
  std::string_view state;  // the beginning of an SQLSTATE
  base::ErrorCode error;
  const char* advice;
};
constexpr PostgresKnown kPostgresKnown[] = {
    {"23505", base::ErrorCode::kUnavailable,
     "another runner writes to this rollout, and this one stops; look at `lockstep status`"},
    {"25006", base::ErrorCode::kPermissionDenied, "name the server that may be written"},
    {"28", base::ErrorCode::kPermissionDenied, "mend the user or the password of --ledger"},
    {"3D000", base::ErrorCode::kNotFound, "create the database, or choose another --ledger"},
    {"42501", base::ErrorCode::kPermissionDenied,
     "its user needs CREATE in the database, or USAGE and all rights in the schema "
     "lockstep_ledger"},
    {"53100", base::ErrorCode::kResourceExhausted, "make room on its disk, then `lockstep resume`"},
    {"55P03", base::ErrorCode::kUnavailable, "somebody keeps its tables locked; try again"},
};

std::string OneLine(std::string_view text) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  std::string line(text);
  for (char& c : line) {
    if (c == '\n') c = ' ';
  }
  return line;
}

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

base::Status CheckAddress(const std::string& url) {
  char* complaint = nullptr;
  const std::unique_ptr<PQconninfoOption, FreeOptions> options(
      PQconninfoParse(url.c_str(), &complaint));
  if (options == nullptr) {
    const std::string why = complaint == nullptr ? "out of memory" : OneLine(complaint);
    PQfreemem(complaint);
    // Not the address itself, which may have a password in it.
    return base::Error{base::ErrorCode::kInvalidArgument, "--ledger is no address: " + why};
  }
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (std::string_view(option->keyword) == "password" && option->val != nullptr) {
      return base::Error{base::ErrorCode::kInvalidArgument,
                         "--ledger has a password in it, which everybody on this machine can read; "
                         "put it into ~/.pgpass or PGPASSWORD"};
    }
  }
  return {};
}

}  // namespace

base::Error PostgresDb::Lost(const std::string& why) {
  lost_ = {base::ErrorCode::kUnavailable,
           "the ledger " + base::Quote(url_) + " is out of reach: " + OneLine(why)};
  return *lost_;
}

base::Error PostgresDb::ErrorOf(const PGresult* result) const {
  const char* field = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string_view state = field == nullptr ? "" : field;
  const char* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const std::string message = "the ledger " + base::Quote(url_) + " failed: " +
                              OneLine(primary == nullptr ? PQresultErrorMessage(result) : primary);
  for (const PostgresKnown& known : kPostgresKnown) {
    if (state.starts_with(known.state)) return {known.error, message + "; " + known.advice};
  }
  return {base::ErrorCode::kIo, message};
}

base::Status PostgresDb::Open(const std::string& url) {
  if (auto fit = CheckAddress(url); !fit.ok()) return fit;
  url_ = url;
  const std::string limit = std::to_string(kAnswerLimit.count());
  // What comes first gives way to what the address says.
  const char* const keywords[] = {"connect_timeout", "fallback_application_name", "dbname",
                                  nullptr};
  const char* const values[] = {limit.c_str(), "lockstep", url.c_str(), nullptr};
  connection_ = PQconnectdbParams(keywords, values, 1);
  if (connection_ == nullptr) return Lost("out of memory");
  if (PQstatus(connection_) != CONNECTION_OK) return Lost(PQerrorMessage(connection_));
  PQsetnonblocking(connection_, 1);
  PQsetNoticeProcessor(
      connection_, [](void*, const char*) {}, nullptr);
  // A commit waits for the disk where that is asked for only (see Durability).
  return Execute(
      "SET search_path=lockstep_ledger; SET client_encoding='UTF8'; SET bytea_output='hex';"
      "SET standard_conforming_strings=on; SET lock_timeout='5s'; SET statement_timeout=0;"
      "SET default_transaction_isolation='read committed'; SET synchronous_commit=off");
}

// ---- to the server and back ----

base::Status PostgresDb::AwaitSocket(short events) {
  const auto end = steady_clock::now() + kAnswerLimit;
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(end - steady_clock::now()).count();
    pollfd socket{PQsocket(connection_), events, 0};
    const int ready = left <= 0 ? 0 : poll(&socket, 1, static_cast<int>(left));
    if (ready > 0) return {};
    if (ready == 0) return Lost("no answer for " + std::to_string(kAnswerLimit.count()) + " s");
    if (errno != EINTR) return Lost("its connection cannot be waited for");
  }
}

base::Status PostgresDb::Send(const std::string& sql, const std::vector<Parameter>& parameters) {
  if (lost_) return *lost_;
  std::vector<const char*> values;
  std::vector<int> lengths, formats;
  for (const Parameter& parameter : parameters) {
    values.push_back(parameter.value.data());
    lengths.push_back(static_cast<int>(parameter.value.size()));
    formats.push_back(parameter.binary ? 1 : 0);
  }
  if (PQsendQueryParams(connection_, sql.c_str(), static_cast<int>(parameters.size()), nullptr,
                        values.data(), lengths.data(), formats.data(), 0) == 0) {
    return Lost(PQerrorMessage(connection_));
  }
  ++sent_;
  return {};
}

/// The next result, null at the end of one statement's.
base::Result<PostgresResult> PostgresDb::Next() {
  for (;;) {
    const int unsent = PQflush(connection_);
    if (unsent < 0) return Lost(PQerrorMessage(connection_));
    if (unsent == 0 && PQisBusy(connection_) == 0) break;
    const short events = static_cast<short>(POLLIN | (unsent == 0 ? 0 : POLLOUT));
    if (auto ready = AwaitSocket(events); !ready.ok()) return ready.error();
    if (PQconsumeInput(connection_) == 0) return Lost(PQerrorMessage(connection_));
  }
  return PostgresResult(PQgetResult(connection_));
}

base::Result<PostgresResult> PostgresDb::Receive() {
  const bool together = PQpipelineStatus(connection_) != PQ_PIPELINE_OFF;
  if (together && PQpipelineSync(connection_) == 0) return Lost(PQerrorMessage(connection_));
  PostgresResult last;
  std::optional<base::Error> first_error;
  for (std::size_t ended = 0; ended < sent_;) {
    auto next = Next();
    if (!next.ok()) return next.error();
    if (*next == nullptr) {
      ++ended;
      continue;
    }
    const ExecStatusType status = PQresultStatus(next->get());
    if (status == PGRES_FATAL_ERROR && PQstatus(connection_) != CONNECTION_OK)
      return Lost(PQresultErrorMessage(next->get()));
    if (status == PGRES_FATAL_ERROR && !first_error) first_error = ErrorOf(next->get());
    last = std::move(*next);
  }
  sent_ = 0;
  if (together) {
    const auto sync = Next();
    if (!sync.ok()) return sync.error();
  }
  if (first_error) return *first_error;
  return last;
}

base::Status PostgresDb::Run(const std::string& sql, const std::vector<Parameter>& parameters) {
  if (auto sent = Send(sql, parameters); !sent.ok()) return sent;
  const bool together = PQpipelineStatus(connection_) != PQ_PIPELINE_OFF;
  if (together && sent_ < kMostSent) return {};
  const auto received = Receive();
  return received.ok() ? base::Status() : base::Status(received.error());
}

base::Result<PostgresResult> PostgresDb::Query(const std::string& sql,
                                               const std::vector<Parameter>& parameters) {
  if (auto sent = Send(sql, parameters); !sent.ok()) return sent.error();
  return Receive();
}

base::Status PostgresDb::Execute(const char* sql) {
  if (PQpipelineStatus(connection_) != PQ_PIPELINE_OFF) return Run(sql, {});
  if (lost_) return *lost_;
  if (PQsendQuery(connection_, sql) == 0) return Lost(PQerrorMessage(connection_));
  sent_ = 1;
  const auto received = Receive();
  return received.ok() ? base::Status() : base::Status(received.error());
}

// ---- transactions ----

base::Status PostgresDb::Begin(Durability durability) {
  if (lost_) return *lost_;
  if (PQenterPipelineMode(connection_) == 0) return Lost(PQerrorMessage(connection_));
  if (auto begun = Run("BEGIN", {}); !begun.ok()) return begun;
  if (durability == Durability::kProcessSafe) return {};
  return Run("SET LOCAL synchronous_commit TO DEFAULT", {});
}

base::Status PostgresDb::Commit() {
  const auto committed = Query("COMMIT", {});
  if (!committed.ok()) return committed.error();
  PQexitPipelineMode(connection_);
  return {};
}

void PostgresDb::Rollback() {
  if (lost_) return;
  (void)Query("ROLLBACK", {});
  PQexitPipelineMode(connection_);
}

base::Status PostgresDb::KeepOthersFromWriting(const char* table) {
  return Run(std::string("LOCK TABLE ") + table + " IN SHARE ROW EXCLUSIVE MODE", {});
}

// ---- news ----

base::Status PostgresDb::TellOthers(std::int64_t rollout) {
  return Run("NOTIFY lockstep, '" + std::to_string(rollout) + "'", {});
}

bool PostgresDb::ChangedByOthers() {
  if (lost_ || PQconsumeInput(connection_) == 0) return true;  // whoever reads next will see it
  const auto now = steady_clock::now();
  bool changed = now - looked_at_ >= kLookAgain;
  while (PGnotify* told = PQnotifies(connection_)) {
    changed |= told->be_pid != PQbackendPID(connection_);
    PQfreemem(told);
  }
  if (changed) looked_at_ = now;
  return changed;
}

// ---- statements ----

namespace {

/// ?1 as $1.
std::string Numbered(std::string_view sql) {
  std::string numbered(sql);
  for (std::size_t i = 0; i + 1 < numbered.size(); ++i) {
    if (numbered[i] == '?' && numbered[i + 1] >= '1' && numbered[i + 1] <= '9') numbered[i] = '$';
  }
  return numbered;
}

class PostgresStatement : public Statement {
 public:
  PostgresStatement(PostgresDb& db, std::string sql) : db_(db), sql_(std::move(sql)) {}

  Statement& BindBlob(int index, std::string_view bytes) override {
    Set(index, {std::string(bytes), true});
    return *this;
  }
  base::Result<bool> Next() override {
    if (result_ == nullptr) {
      auto answered = db_.Query(sql_, parameters_);
      if (!answered.ok()) return answered.error();
      result_ = std::move(*answered);
      row_ = -1;
    }
    if (++row_ < PQntuples(result_.get())) return true;
    result_.reset();
    return false;
  }
  base::Status Run() override { return db_.Run(sql_, parameters_); }
  std::int64_t Int(int column) const override { return std::stoll(Text(column)); }
  std::string Text(int column) const override {
    const char* value = PQgetvalue(result_.get(), row_, column);
    if (PQftype(result_.get(), column) != kByteaType)
      return {value, static_cast<std::size_t>(PQgetlength(result_.get(), row_, column))};
    std::size_t size = 0;
    unsigned char* bytes =
        PQunescapeBytea(reinterpret_cast<const unsigned char*>(value), &size);  // NOLINT
    std::string text(reinterpret_cast<const char*>(bytes), size);               // NOLINT
    PQfreemem(bytes);
    return text;
  }
  bool IsNull(int column) const override { return PQgetisnull(result_.get(), row_, column) != 0; }
  void Reset() override { result_.reset(); }

 private:
  void BindInt(int index, std::int64_t value) override {
    Set(index, {std::to_string(value), false});
  }
  // Binary, for its length is told then: a zero byte is refused and cuts nothing off.
  void BindText(int index, std::string_view text) override {
    Set(index, {std::string(text), true});
  }
  void Set(int index, PostgresDb::Parameter parameter) {
    const auto place = static_cast<std::size_t>(index - 1);
    if (parameters_.size() <= place) parameters_.resize(place + 1);
    parameters_[place] = std::move(parameter);
  }

  PostgresDb& db_;
  std::string sql_;
  std::vector<PostgresDb::Parameter> parameters_;
  PostgresResult result_;
  int row_ = -1;
};

}  // namespace

std::unique_ptr<Statement> PostgresDb::Prepare(const char* sql) {
  return std::make_unique<PostgresStatement>(*this, Numbered(sql));
}

}  // namespace lockstep::ledger
