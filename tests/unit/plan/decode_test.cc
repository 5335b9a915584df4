#include "core/plan/decode.h"

#include "tests/unit/document_fixture.h"

namespace lockstep::plan {
namespace {

struct Decoded : ParsedText {
  explicit Decoded(std::string text, bool lenient = false) : ParsedText(std::move(text)) {
    plan = Decode(*document, lenient, emitter);
  }
  const Spec& spec(std::size_t i) const { return plan->specs[SpecIndex(i)]; }
  Strings TargetsOf(std::size_t i) const {
    Strings targets;
    for (const SpannedText& target : plan->TargetsOf(spec(i))) targets.emplace_back(target.value);
    return targets;
  }
  std::optional<Plan> plan;
};

std::string OneSpec(const std::string& members) {
  return R"({"steps": [{"specs": [{)" + members + "}]}]}";
}
std::string OneChange(const std::string& members) {
  return OneSpec(R"("id": "a", "changeDatabaseConfig": {)" + members + "}");
}
std::string OneFlatChange(const std::string& members) {
  return R"({"specs": [{"id": "a", "changeDatabaseConfig": {)" + members + "}}]}";
}

// The example of Bytebase's documentation, its comment included, with the holes of step 2 filled.
constexpr std::string_view kDocumentedExample = R"({
  "steps": [
    {
      "title": "step 1",
      "specs": [
        {
          "earliestAllowedTime": null,
          "id": "083c1c01-a0a6-485d-ae60-d6de2760ca4f",
          "dependsOnSpecs": [],
          "changeDatabaseConfig": {
            "target": "instances/oracle/databases/db1",
            "sheet": "projects/sample/sheets/741",
            "type": "MIGRATE",
            "schemaVersion": "",
            "ghostFlags": {},
            "preUpdateBackupDetail": {
              "database": ""
            }
          }
        },
        {
          "earliestAllowedTime": null,
          "id": "faa54bb9-0bb3-42bf-aa10-cffc73e19e33",
          // Wait for the previous task to finish
          "dependsOnSpecs": ["083c1c01-a0a6-485d-ae60-d6de2760ca4f"],
          "changeDatabaseConfig": {
            "target": "instances/oracle/databases/db1",
            "sheet": "projects/sample/sheets/742",
            "type": "MIGRATE",
            "schemaVersion": "",
            "ghostFlags": {},
            "preUpdateBackupDetail": {
              "database": ""
            }
          }
        }
      ]
    },
    {
      "title": "step 2",
      "specs": [{"id": "3", "exportDataConfig": {"target": "instances/oracle/databases/db1"}}, {"id": "4"}]
    }
  ]
})";

TEST(PlanDecode, TheDocumentedExampleReadsAsItStands) {
  const Decoded decoded{std::string(kDocumentedExample)};
  EXPECT_FALSE(decoded.emitter.has_errors());
  EXPECT_TRUE(decoded.emitter.diagnostics().empty());
  ASSERT_TRUE(decoded.plan);
  const Plan& plan = *decoded.plan;
  EXPECT_EQ(plan.form, Form::kSteps);
  ASSERT_EQ(plan.steps.size(), 2u);
  ASSERT_EQ(plan.specs.size(), 4u);
  EXPECT_EQ(plan.steps[StepIndex(0)].title.value, "step 1");
  EXPECT_EQ(plan.steps[StepIndex(1)].specs.first, SpecIndex(2));
  EXPECT_EQ(decoded.spec(2).step, StepIndex(1));

  const Spec& first = decoded.spec(0);
  EXPECT_EQ(first.id.value, "083c1c01-a0a6-485d-ae60-d6de2760ca4f");
  EXPECT_FALSE(first.earliest_allowed_time.present);
  EXPECT_EQ(first.config.kind, ConfigKind::kChangeDatabase);
  EXPECT_EQ(decoded.TargetsOf(0), Strings{"instances/oracle/databases/db1"});
  EXPECT_EQ(first.config.sheet.value, "projects/sample/sheets/741");
  EXPECT_EQ(decoded.Slice(first.config.sheet.span), "\"projects/sample/sheets/741\"");
  EXPECT_EQ(first.config.type.value, ChangeType::kMigrate);
  EXPECT_TRUE(first.config.schema_version.present);
  EXPECT_EQ(first.config.backup_database.value, "");
  EXPECT_TRUE(plan.GhostFlagsOf(first).empty());
  EXPECT_TRUE(plan.DependenciesOf(first).empty());

  const auto dependencies = plan.DependenciesOf(decoded.spec(1));
  ASSERT_EQ(dependencies.size(), 1u);
  EXPECT_EQ(dependencies[0].value, first.id.value);
  EXPECT_EQ(decoded.spec(2).config.kind, ConfigKind::kExportData);
  EXPECT_EQ(decoded.spec(3).config.kind, ConfigKind::kNone);
}

TEST(PlanDecode, TheFlatForm) {
  const Decoded decoded(R"({
    "name": "projects/p/plans/1", "title": "t", "deployment": {"environments": ["environments/test", "environments/prod"]},
    "specs": [
      {"id": "a", "changeDatabaseConfig": {"targets": ["instances/i/databases/x", "instances/i/databases/y"],
                                           "sheet": "projects/p/sheets/1", "type": "DATABASE_SDL", "enablePriorBackup": true}},
      {"id": "b", "changeDatabaseConfig": {"targets": [], "release": "projects/p/releases/1"}},
      {"id": "c", "changeDatabaseConfig": {"target": "", "enableGhost": true}},
      {"id": "d", "exportDataConfig": {"targets": ["instances/i/databases/x"], "format": 4}}]})");
  ASSERT_TRUE(decoded.plan);
  EXPECT_TRUE(decoded.emitter.diagnostics().empty());
  const Plan& plan = *decoded.plan;
  EXPECT_EQ(plan.form, Form::kFlat);
  ASSERT_EQ(plan.steps.size(), 1u);
  EXPECT_EQ(plan.steps[StepIndex(0)].specs.size(), 4u);
  ASSERT_EQ(plan.deployment_environments.size(), 2u);
  EXPECT_EQ(plan.deployment_environments[1].value, "environments/prod");
  EXPECT_EQ(decoded.TargetsOf(0), (Strings{"instances/i/databases/x", "instances/i/databases/y"}));
  EXPECT_EQ(decoded.spec(0).config.type.value, ChangeType::kMigrateSdl);
  EXPECT_TRUE(decoded.spec(0).config.enable_prior_backup.value);
  EXPECT_TRUE(decoded.spec(1).config.has_targets);
  EXPECT_TRUE(decoded.TargetsOf(1).empty());
  EXPECT_EQ(decoded.spec(1).config.type.value, ChangeType::kMigrate) << "no type: a migration";
  EXPECT_FALSE(decoded.spec(1).config.type.present);
  EXPECT_EQ(decoded.spec(1).config.release.value, "projects/p/releases/1");
  EXPECT_EQ(decoded.spec(2).config.type.value, ChangeType::kMigrateGhost);
  EXPECT_EQ(decoded.spec(3).config.format.value, ExportFormat::kXlsx);
}

TEST(PlanDecode, MixedSpellingsAsTheRealClientsSendThem) {
  const Decoded decoded(R"({"steps": [{"specs": [{"id": "ch-1", "depends_on_specs": ["b"],
      "earliest_allowed_time": "2026-11-22T03:37:00.5Z", "spec_release_source": {"file": "f"},
      "change_database_config": {"target": "instances/i/databases/d", "sheet": "s", "schemaVersion": "1",
        "type": "MIGRATE_GHOST", "ghost_flags": {"max-load": "Threads_running=25"},
        "pre_update_backup_detail": {"database": "instances/i/databases/b"}}}]}],
      "vcs_source": {"vcs_type": "GITHUB", "pull_request_url": "u"}, "release_source": {"release": "r"}})");
  ASSERT_TRUE(decoded.plan);
  EXPECT_TRUE(decoded.emitter.diagnostics().empty());
  const Spec& spec = decoded.spec(0);
  EXPECT_EQ(spec.earliest_allowed_time.value, (base::Timestamp{1795318620, 500'000'000}));
  EXPECT_TRUE(spec.earliest_allowed_time.present);
  EXPECT_EQ(spec.release_file.value, "f");
  EXPECT_EQ(spec.config.backup_database.value, "instances/i/databases/b");
  const auto flags = decoded.plan->GhostFlagsOf(spec);
  ASSERT_EQ(flags.size(), 1u);
  EXPECT_EQ(flags[0].key.value, "max-load");
  EXPECT_EQ(flags[0].value.value, "Threads_running=25");
  EXPECT_EQ(decoded.Slice(spec.config.key_span), "\"change_database_config\"");
  EXPECT_TRUE(decoded.plan->has_vcs_source);
  EXPECT_EQ(decoded.plan->release.value, "r");
}

TEST(PlanDecode, WhatAServerAnswersReadsWithoutAWord) {
  const Decoded decoded(
      R"({"name": "projects/p/plans/101", "uid": "101", "issue": "", "title": "", "description": "",
    "steps": [{"title": "", "specs": [{"earliestAllowedTime": null, "id": "a", "dependsOnSpecs": [],
      "specReleaseSource": {"file": ""}, "changeDatabaseConfig": {"target": "instances/i/databases/d", "sheet": "s",
      "type": "MIGRATE", "schemaVersion": "", "rollbackEnabled": false, "rollbackDetail": null, "ghostFlags": {},
      "preUpdateBackupDetail": {"database": ""}}}]}],
    "vcsSource": null, "releaseSource": {"release": ""}, "creator": "users/a@b", "createTime": "2026-01-01T00:00:00Z",
    "updateTime": null, "planCheckRunStatusCount": {"ERROR": 1}, "deploymentConfigSnapshot": null,
    "hasRollout": false, "state": "ACTIVE"})");
  EXPECT_TRUE(decoded.emitter.diagnostics().empty());
  EXPECT_FALSE(decoded.plan->has_vcs_source);
}

TEST(PlanDecode, CreateDatabaseHasItsOwnFields) {
  const Decoded decoded(
      OneSpec(R"("id": "a", "createDatabaseConfig": {"target": "instances/i", "database": "d",
    "table": "t", "character_set": "utf8", "collation": "c", "cluster": "k", "owner": "o", "environment": "e",
    "labels": {"tenant": "x", "region": "y"}})"));
  EXPECT_TRUE(decoded.emitter.diagnostics().empty());
  const Config& config = decoded.spec(0).config;
  EXPECT_EQ(config.kind, ConfigKind::kCreateDatabase);
  EXPECT_EQ(decoded.TargetsOf(0), Strings{"instances/i"});
  const CreateOptions& create = decoded.plan->CreateOf(decoded.spec(0));
  EXPECT_EQ(create.database.value, "d");
  EXPECT_EQ(create.character_set.value, "utf8");
  EXPECT_EQ(create.owner.value, "o");
  EXPECT_EQ(decoded.plan->creates.size(), 1u);
  EXPECT_EQ(decoded.plan->LabelsOf(decoded.spec(0)).size(), 2u);
}

TEST(PlanDecode, AbsentFieldsPointAtTheirObject) {
  const Decoded decoded(OneSpec(R"("changeDatabaseConfig": {"type": null})"));
  const Spec& spec = decoded.spec(0);
  EXPECT_FALSE(spec.id.present);
  EXPECT_EQ(decoded.Slice(spec.id.span), R"({"changeDatabaseConfig": {"type": null}})");
  EXPECT_FALSE(spec.config.type.present);
  EXPECT_EQ(decoded.Slice(spec.config.type.span), R"({"type": null})");
  EXPECT_EQ(decoded.Slice(spec.config.sheet.span), R"({"type": null})");
  EXPECT_FALSE(spec.config.has_targets);
  EXPECT_TRUE(decoded.plan->TargetsOf(spec).empty());
}

TEST(PlanDecode, ExportPasswordKeepsItsPresence) {
  EXPECT_TRUE(
      Decoded(OneSpec(R"("exportDataConfig": {"password": ""})")).spec(0).config.password.present);
  EXPECT_FALSE(Decoded(OneSpec(R"("exportDataConfig": {"password": null})"))
                   .spec(0)
                   .config.password.present);
}

TEST(PlanDecode, TheEpochIsNoLimit) {
  for (const char* time :
       {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00.5Z", "1969-12-31T23:59:59Z"}) {
    const Decoded decoded(OneSpec(R"("earliestAllowedTime": ")" + std::string(time) + "\""));
    EXPECT_FALSE(decoded.spec(0).earliest_allowed_time.present) << time;
    EXPECT_NE(decoded.spec(0).earliest_allowed_time_span, Span());
    EXPECT_TRUE(decoded.emitter.diagnostics().empty());
  }
  EXPECT_EQ(Decoded(OneSpec(R"("earliestAllowedTime": null)")).spec(0).earliest_allowed_time_span,
            Span());
}

TEST(PlanDecode, OneConfigOnly) {
  Decoded two(OneSpec(R"("changeDatabaseConfig": {"sheet": "s"}, "exportDataConfig": {})"));
  EXPECT_EQ(two.Findings(), Strings{"several-configs at \"exportDataConfig\""});
  EXPECT_EQ(two.Slice(two.taken[0].related[0].place.span), "\"changeDatabaseConfig\"");
  EXPECT_EQ(two.spec(0).config.kind, ConfigKind::kChangeDatabase);

  Decoded with_null(OneSpec(R"("changeDatabaseConfig": null, "exportDataConfig": {})"));
  EXPECT_TRUE(with_null.Findings().empty());
  EXPECT_EQ(with_null.spec(0).config.kind, ConfigKind::kExportData);
}

TEST(PlanDecode, EnumNumbersAndUnknownNames) {
  EXPECT_EQ(Decoded(OneChange(R"("type": 6)")).spec(0).config.type.value, ChangeType::kData);
  EXPECT_EQ(static_cast<int>(Decoded(OneChange(R"("type": 5)")).spec(0).config.type.value), 5)
      << "a rule's matter, not the decoder's";
  Decoded wrong_case(OneChange(R"("type": "migrate")"));
  EXPECT_EQ(wrong_case.Findings(), Strings{"unknown-enum-value at \"migrate\""});
  EXPECT_EQ(wrong_case.taken[0].fixes.size(), 1u);
  EXPECT_FALSE(wrong_case.spec(0).config.type.present);
  Decoded flat_name(OneChange(R"("type": "DATABASE_MIGRATE")"));
  EXPECT_EQ(flat_name.Findings(), Strings{"unknown-enum-value at \"DATABASE_MIGRATE\""});
  EXPECT_TRUE(Decoded(OneFlatChange(R"("type": "DATABASE_MIGRATE")")).Findings().empty());
}

TEST(PlanDecode, ReportsEverythingInOnePass) {
  Decoded decoded(R"({"titel": "x", "steps": [
    {"title": 1, "specs": [null, 7, {"id": "a", "dependsOnSpec": [], "dependsOnSpecs": ["b", null, 3]}]},
    "step", null,
    {"specs": {"id": "x"}},
    {"specs": [{"id": "a", "id": "b", "earliestAllowedTime": "tomorrow"}]}]})");
  EXPECT_EQ(decoded.Findings(),
            (Strings{"unknown-field at \"titel\"", "wrong-type at 1", "null-element at null",
                     "wrong-type at 7", "unknown-field at \"dependsOnSpec\"",
                     "null-element at null", "wrong-type at 3", "wrong-type at \"step\"",
                     "null-element at null", "wrong-type at {\"id\": \"x\"}",
                     "duplicate-field at \"id\"", "invalid-timestamp at \"tomorrow\""}));
  ASSERT_TRUE(decoded.plan);
  ASSERT_EQ(decoded.plan->specs.size(), 2u) << "what can be decoded is decoded";
  EXPECT_EQ(decoded.plan->steps.size(), 3u);
  EXPECT_EQ(decoded.plan->DependenciesOf(decoded.spec(0)).size(), 1u);
  EXPECT_EQ(decoded.spec(1).id.value, "a");
  EXPECT_EQ(decoded.spec(1).step, StepIndex(2));
}

TEST(PlanDecode, LenientMakesUnknownNamesWarnings) {
  const std::string text =
      OneSpec(R"("idd": 1, "changeDatabaseConfig": {"type": "MIGRAT", "sheet": 1})");
  EXPECT_EQ(Decoded(text).emitter.error_count(), 3u);
  Decoded lenient(text, true);
  EXPECT_EQ(lenient.emitter.error_count(), 1u);
  EXPECT_EQ(lenient.Findings().size(), 3u);
}

TEST(PlanDecode, BothFormsOrNeither) {
  Decoded both(R"({"steps": [], "specs": [{"id": "a"}]})");
  EXPECT_EQ(both.Findings(), Strings{"both-forms at \"specs\""});
  ASSERT_TRUE(both.plan);
  EXPECT_EQ(both.plan->form, Form::kFlat) << "the one that has something";
  EXPECT_EQ(both.plan->specs.size(), 1u);

  Decoded with_null(R"({"steps": [{"specs": []}], "specs": null})");
  EXPECT_TRUE(with_null.Findings().empty());
  EXPECT_EQ(with_null.plan->form, Form::kSteps);

  Decoded neither(R"({"title": "t", "step": []})");
  EXPECT_EQ(neither.Findings(), (Strings{"no-steps-or-specs at {", "unknown-field at \"step\""}));
  EXPECT_FALSE(neither.plan);
}

TEST(PlanDecode, DocumentsThatAreSomethingElse) {
  Decoded wrapped(R"({"plan": {"steps": [{"specs": [{"id": "a", "x": 1}]}]}})");
  EXPECT_EQ(wrapped.Findings(), (Strings{"not-a-plan at \"plan\"", "unknown-field at \"x\""}));
  EXPECT_TRUE(wrapped.plan) << "the rest is still looked at";

  Decoded array(R"([{"steps": []}])");
  EXPECT_EQ(array.Findings(), Strings{"not-a-plan at ["});
  EXPECT_FALSE(array.plan);

  Decoded inventory(R"({"environments": [], "instances": []})");
  EXPECT_EQ(inventory.Findings(), Strings{"not-a-plan at {"});
  EXPECT_EQ(inventory.taken[0].message,
            "this looks like an inventory; a plan is an object with \"steps\" or \"specs\"");
}

TEST(PlanDecode, FieldsOfTheOtherFormAreObeyedWithAWarning) {
  Decoded flat(
      R"({"specs": [{"id": "a", "dependsOnSpecs": ["b"], "earliestAllowedTime": "2026-01-01T00:00:00Z",
    "changeDatabaseConfig": {"target": "t", "schemaVersion": "1", "type": "MIGRATE"}}, {"id": "b", "dependsOnSpecs": []}]})");
  EXPECT_EQ(flat.Findings(), (Strings{"field-of-other-form at \"dependsOnSpecs\"",
                                      "field-of-other-form at \"earliestAllowedTime\"",
                                      "field-of-other-form at \"target\"",
                                      "field-of-other-form at \"schemaVersion\""}));
  EXPECT_EQ(flat.taken[0].severity, diagnostics::Severity::kWarning);
  EXPECT_EQ(flat.plan->DependenciesOf(flat.spec(0)).size(), 1u);
  EXPECT_EQ(flat.TargetsOf(0), Strings{"t"});
  EXPECT_TRUE(flat.spec(0).earliest_allowed_time.present);

  Decoded steps(OneChange(R"("targets": ["t", "u"], "enableGhost": false)"));
  EXPECT_EQ(steps.Findings(), Strings{"field-of-other-form at \"targets\""});
  EXPECT_EQ(steps.TargetsOf(0), (Strings{"t", "u"}));
}

TEST(PlanDecode, RetiredFieldsAreNamed) {
  Decoded decoded(
      OneChange(R"("rollbackEnabled": true, "rollbackDetail": {"rollbackFromTask": "t"})"));
  EXPECT_EQ(decoded.Findings(), (Strings{"field-without-effect at \"rollbackEnabled\"",
                                         "field-without-effect at \"rollbackDetail\""}));
}

TEST(PlanDecode, GhostFlagsAreAMapOfStrings) {
  Decoded decoded(OneChange(
      R"("ghostFlags": {"chunk-size": 1000, "max-lag-millis": "1", "max-lag-millis": "2"})"));
  EXPECT_EQ(decoded.Findings(),
            (Strings{"wrong-type at 1000", "duplicate-map-key at \"max-lag-millis\""}));
  EXPECT_EQ(decoded.taken[0].fixes[0].edits[0].replacement, "\"1000\"");
}

}  // namespace
}  // namespace lockstep::plan
