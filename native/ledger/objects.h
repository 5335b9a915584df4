// Objects: what people made through the services beside rollouts: sheets, plans, issues, comments,
// releases, checks of plans. The ledger stores them as text and knows no rule about them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"
#include "native/ledger/ledger.h"

namespace lockstep::ledger {

struct Object {
  enum class Kind { kSheet, kPlan, kIssue, kIssueComment, kRelease, kPlanChecks };
  Kind kind;
  std::int64_t number = 0;    ///< 101, 102, … of its kind, over all projects: the end of its name
  std::string project;        ///< "sample"
  std::string parent;         ///< full name of what it belongs to; "" = its project alone
  std::int64_t revision = 1;  ///< grows with every update
  base::Instant created, updated;
  std::string json;
};

/// What a rollout becomes because the plan that it was made of was changed: its tasks stay what
/// they are, and those that have not succeeded take other sheets.
struct Revision {
  RolloutId rollout;
  std::string digest;
  std::vector<Document> documents;
  /// Whether it may be. Called when nobody can add events or commands before it is done.
  std::function<base::Status()> check;
};

/// A ledger's objects. As cheap to make as a pointer.
class Objects {
 public:
  explicit Objects(Ledger& ledger) : impl_(ledger.impl()) {}

  /// Power-safe. Numbers and revision are given by the ledger. `bytes`: what is too large for json,
  /// stored once however often it is written.
  base::Result<Object> Create(Object object, std::optional<std::string_view> bytes = {});
  /// The same for several: all or none.
  struct Draft {
    Object object;
    std::optional<std::string> bytes;
    std::int64_t least_number = 0;  ///< below it others have names
  };
  base::Result<std::vector<Object>> CreateAll(std::vector<Draft> drafts);

  base::Result<std::optional<Object>> Get(Object::Kind kind, std::int64_t number) const;
  /// Newest first. "" in `project` or `parent`: of any.
  base::Result<std::vector<Object>> List(Object::Kind kind, std::string_view project,
                                         std::string_view parent = "") const;
  /// The bytes of one of this project; nullopt when it has no such object. Fit for many in a row.
  base::Result<std::optional<std::string>> FindBytes(Object::Kind kind, std::string_view project,
                                                     std::int64_t number) const;
  /// Numbers alone, newest first: lists read what they show.
  base::Result<std::vector<std::int64_t>> Numbers(Object::Kind kind,
                                                  std::string_view project) const;
  /// How many bytes it has.
  base::Result<std::uint64_t> Size(Object::Kind kind, std::int64_t number) const;
  /// "" when it has none.
  base::Result<std::string> Bytes(Object::Kind kind, std::int64_t number) const;
  /// Writes json, parent and updated; and bytes, when there are any. kUnavailable when somebody
  /// else has updated it since it was read. Power-safe.
  base::Status Update(const Object& object, std::optional<std::string_view> bytes = {});
  /// The same for several: all or none.
  base::Status UpdateAll(const std::vector<Object>& updated);
  /// A plan and its rollout: both or none. On a server: REQUIRES the rollout's lease.
  base::Status UpdatePlan(const Object& plan, const Revision& revision);

 private:
  base::Status Write(const Object& object, std::optional<std::string_view> bytes);
  Ledger::Impl& impl_;
};

}  // namespace lockstep::ledger
