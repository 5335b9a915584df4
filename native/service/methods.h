// Methods: what each route does. A method answers JSON; its errors are those that clients see.
#pragma once

#include "native/service/context.h"

namespace lockstep::service {

using Answer = base::Result<std::string>;

// sheets.cc
Answer CreateSheet(Context& context, const Call& call);
Answer BatchCreateSheets(Context& context, const Call& call);
Answer GetSheet(Context& context, const Call& call);
Answer ListSheets(Context& context, const Call& call);
Answer UpdateSheet(Context& context, const Call& call);

// releases.cc, release_check.cc
Answer CreateRelease(Context& context, const Call& call);
Answer GetRelease(Context& context, const Call& call);
Answer ListReleases(Context& context, const Call& call);
Answer UpdateRelease(Context& context, const Call& call);
Answer DeleteRelease(Context& context, const Call& call);
Answer UndeleteRelease(Context& context, const Call& call);
Answer CheckRelease(Context& context, const Call& call);

// plan_preview.cc
Answer PreviewPlan(Context& context, const Call& call);

}  // namespace lockstep::service
