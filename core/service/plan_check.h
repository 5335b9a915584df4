// PlanCheck: the runs of a plan's checks (plan-semantics §7), as they are stored and answered.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json_writer.h"
#include "core/service/findings.h"
#include "core/service/message.h"
#include "core/sql/splitter.h"

namespace lockstep::service {

struct CheckResult {
  std::string status;  ///< "ERROR", "WARNING", "SUCCESS"
  std::string title = {}, content = {};
  std::int64_t code = 0;
  std::string review_report = {}, summary_report = {};  ///< JSON; "" = none
};

struct CheckRun {
  // Numbers of PlanCheckRun.Type and PlanCheckRun.Status.
  enum class Type { kAdvise = 3, kSummary = 5, kConnect = 6 };
  enum class Status { kRunning = 1, kDone = 2, kFailed = 3, kCanceled = 4 };

  Type type = Type::kAdvise;
  Status status = Status::kRunning;
  std::string target = {};  ///< "instances/prod/databases/hr"
  std::string sheet = {};
  std::string detail = {};  ///< the id of the spec that it is about
  base::Instant created{0};
  std::vector<CheckResult> results = {};  ///< of a DONE one, at least one
  std::string error = {};                 ///< why it FAILED to look

  void Finish(std::vector<CheckResult> found);
  void Fail(std::string why);
};

base::Result<std::vector<CheckRun>> ReadCheckRuns(std::string_view json);
std::string StoredCheckRuns(const std::vector<CheckRun>& runs);
void WriteCheckRun(base::JsonWriter& writer, const CheckRun& run, std::string_view name);

/// DATABASE_STATEMENT_ADVISE: one for each finding, or one SUCCESS.
std::vector<CheckResult> AdviseResults(const std::vector<Finding>& findings);
/// DATABASE_STATEMENT_SUMMARY_REPORT: how many statements of which class. Rows are not counted.
CheckResult SummaryResult(const sql::SplitResult& split);

/// How many results of these runs have which status.
std::map<std::string, std::int64_t> CountResults(const std::vector<const CheckRun*>& runs);

}  // namespace lockstep::service
