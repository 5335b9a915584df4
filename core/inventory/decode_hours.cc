#include "core/inventory/decode_hours.h"

namespace lockstep::inventory {
namespace {

using diagnostics::Rule;
using json::Field;
using json::Member;
using json::Message;
using json::Reader;
using json::Shape;
using json::Value;

void DecodeWindow(Reader& reader, Value value, Hours& hours) {
  base::Result<base::Window> window = base::ParseWindow(value.AsString());
  if (window.ok()) {
    hours.windows.push_back({std::move(*window), value.span(), true});
  } else {
    reader.Report(Rule::kInvalidWindow, value.span(), window.error().message);
  }
}

// ---- freezes ----

struct FreezeFrame {
  base::Freeze& freeze;
  bool has_from = false, has_to = false;
};

void ReadFrom(Reader& reader, FreezeFrame& frame, const Member& member) {
  frame.has_from = true;
  if (const auto from = reader.Timestamp(member.value)) frame.freeze.from = base::ToInstant(*from);
}
void ReadTo(Reader& reader, FreezeFrame& frame, const Member& member) {
  frame.has_to = true;
  if (const auto to = reader.Timestamp(member.value)) frame.freeze.to = base::ToInstant(*to);
}
void ReadReason(Reader&, FreezeFrame& frame, const Member& member) {
  frame.freeze.reason = member.value.AsString();
}

constexpr Field<FreezeFrame> kFreezeFields[] = {
    {"from", "from", Shape::kTimestamp, &ReadFrom},
    {"to", "to", Shape::kTimestamp, &ReadTo},
    {"reason", "reason", Shape::kText, &ReadReason},
};
constexpr Message<FreezeFrame> kFreeze{"a freeze", kFreezeFields};

// ---- stages ----

struct StageFrame {
  StageHours& stage;
};

void ReadTitle(Reader&, StageFrame& frame, const Member& member) {
  frame.stage.title = Reader::Text(member.value);
}
void ReadWindow(Reader& reader, StageFrame& frame, const Member& member) {
  DecodeWindows(reader, member.value, frame.stage.hours);
}
void ReadFreeze(Reader& reader, StageFrame& frame, const Member& member) {
  DecodeFreezes(reader, member.value, frame.stage.hours);
}

constexpr Field<StageFrame> kStageFields[] = {
    {"title", "title", Shape::kText, &ReadTitle},
    {"window", "window", Shape::kAny, &ReadWindow},
    {"freeze", "freeze", Shape::kList, &ReadFreeze},
};
constexpr Message<StageFrame> kStage{"a stage", kStageFields};

}  // namespace

void DecodeWindows(Reader& reader, Value value, Hours& hours) {
  if (value.kind() == json::Kind::kString) {
    DecodeWindow(reader, value, hours);
  } else if (value.kind() == json::Kind::kArray) {
    reader.ReadList(value, Shape::kText,
                    [&](Value element) { DecodeWindow(reader, element, hours); });
  } else {
    reader.Report(Rule::kWrongType, value.span(),
                  "\"window\" is a string such as \"Sat 01:00-05:00 Europe/Berlin\", or a list of "
                  "them, and this is " +
                      std::string(ToString(value.kind())));
  }
}

void DecodeFreezes(Reader& reader, Value list, Hours& hours) {
  reader.ReadList(list, Shape::kObject, [&](Value element) {
    base::Freeze freeze{{0}, base::kNever, ""};
    FreezeFrame frame{freeze};
    reader.ReadObject(element, kFreeze, frame);
    if (!frame.has_from || !frame.has_to) {
      reader.Report(Rule::kInvalidWindow, element.span(),
                    std::string("this freeze has no ") + (frame.has_from ? "end" : "beginning") +
                        "; give it \"from\" and \"to\", as RFC 3339 times");
    } else if (freeze.from >= freeze.to) {
      reader.Report(Rule::kInvalidWindow, element.span(), "this freeze ends before it begins");
    }
    hours.freezes.push_back(std::move(freeze));
  });
}

void DecodeStageHours(Reader& reader, Value list, std::vector<StageHours>& stages) {
  reader.ReadList(list, Shape::kObject, [&](Value element) {
    StageHours stage;
    stage.title.span = element.span();
    StageFrame frame{stage};
    reader.ReadObject(element, kStage, frame);
    if (stage.title.value.empty()) {
      reader.Report(Rule::kInvalidWindow, element.span(),
                    "this stage has no title, and its title is what it is known by");
    }
    stages.push_back(std::move(stage));
  });
}

void AppendHoursTables(std::vector<json::MessageFields>& tables) {
  tables.push_back(Describe(kFreeze));
  tables.push_back(Describe(kStage));
}

}  // namespace lockstep::inventory
