// Decoding of the three kinds of config that a spec can have. For decode_spec.cc only.
#pragma once

#include "core/json/proto_json.h"
#include "core/plan/plan.h"

namespace lockstep::plan {

/// Each REQUIRES an object as the member's value and plan.form to be set. A second config of a spec
/// is a finding and changes nothing.
void DecodeChange(json::Reader& reader, Plan& plan, Spec& spec, const json::Member& member);
void DecodeCreate(json::Reader& reader, Plan& plan, Spec& spec, const json::Member& member);
void DecodeExport(json::Reader& reader, Plan& plan, Spec& spec, const json::Member& member);

/// For a spec without a config: what is not there points at the spec.
void SetConfigAbsent(Spec& spec);

/// Says that a field belongs to the form that this plan does not have.
void NoteForm(json::Reader& reader, const Plan& plan, Form form_of_field,
              const json::Member& member);

void AppendConfigTables(std::vector<json::MessageFields>& tables);

}  // namespace lockstep::plan
