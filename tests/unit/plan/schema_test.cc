#include "core/plan/fields.h"
#include "tests/unit/schema_comparison.h"

namespace lockstep::plan {
namespace {

TEST(PlanSchema, HasTheFieldsThatDecodeReads) {
  ExpectTablesMatchSchema(FieldTables(), "schemas/plan.schema.json",
                          {{"the plan", ""},
                           {"a step", "step"},
                           {"a spec", "spec"},
                           {"vcsSource", "vcsSource"},
                           {"releaseSource", "releaseSource"},
                           {"deployment", "deployment"},
                           {"specReleaseSource", "specReleaseSource"},
                           {"changeDatabaseConfig", "changeDatabaseConfig"},
                           {"preUpdateBackupDetail", "preUpdateBackupDetail"},
                           {"createDatabaseConfig", "createDatabaseConfig"},
                           {"exportDataConfig", "exportDataConfig"}},
                          {});
}

}  // namespace
}  // namespace lockstep::plan
