// The rules, one pair of functions a family: findings about one spec, and about the plan as a
// whole. Specs are visited once, with all families in turn, because walking 100,000 of them is the
// dear part.
#pragma once

#include "core/check/context.h"

namespace lockstep::check {

void CheckSpecStructure(Context& context, SpecIndex spec);
void CheckStructure(Context& context);

void CheckSpecReferences(Context& context, SpecIndex spec);
void CheckReferences(Context& context);

void CheckSpecDependencies(Context& context, SpecIndex spec);
void CheckDependencies(Context& context);

void CheckSpecTargets(Context& context, SpecIndex spec);
void CheckTargets(Context& context);
void CheckDatabaseOrder(Context& context);

void CheckSpecSheet(Context& context, SpecIndex spec);
void CheckSheets(Context& context);

void CheckStatements(Context& context);
void CheckExecutable(Context& context);

void CheckSpecSchedule(Context& context, SpecIndex spec);
void CheckSchedule(Context& context);
void CheckVersions(Context& context);

void CheckSpecConfig(Context& context, SpecIndex spec);
void CheckSpecGhost(Context& context, SpecIndex spec);
void CheckSpecBackup(Context& context, SpecIndex spec);
void CheckSpecCreate(Context& context, SpecIndex spec);
void CheckCreatedDatabases(Context& context);

}  // namespace lockstep::check
