#include "core/service/issue.h"

#include <algorithm>

namespace lockstep::service {
namespace {

using base::JsonWriter;
using json::EnumName;
using json::Field;
using json::Member;
using json::Reader;
using json::Shape;

constexpr EnumName kIssueTypes[] = {{"ISSUE_TYPE_UNSPECIFIED", 0},
                                    {"DATABASE_CHANGE", 1},
                                    {"GRANT_REQUEST", 2},
                                    {"DATABASE_DATA_EXPORT", 3}};

void ReadType(Reader& reader, Issue& issue, const Member& member) {
  const auto number = reader.Enum(member.value, kIssueTypes);
  if (number && *number >= 0 && *number < static_cast<int>(std::size(kIssueTypes)))
    issue.type = kIssueTypes[*number].name;
}

constexpr Field<Review> kReviewFields[] = {
    {"principal", "principal", Shape::kText, &ReadString<&Review::principal>},
    {"approved", "approved", Shape::kBool, &ReadBool<&Review::approved>},
    {"digest", "digest", Shape::kText, &ReadString<&Review::digest>},
    {"at", "at", Shape::kTimestamp, &ReadTime<&Review::at>},
};
constexpr json::Message<Review> kReview{"a review", kReviewFields};

void ReadReviews(Reader& reader, Issue& issue, const Member& member) {
  reader.ReadList(member.value, Shape::kObject, [&](json::Value element) {
    reader.ReadObject(element, kReview, issue.reviews.emplace_back());
  });
}

constexpr Field<Issue> kIssueFields[] = {
    {"title", "title", Shape::kText, &ReadString<&Issue::title>},
    {"description", "description", Shape::kText, &ReadString<&Issue::description>},
    {"type", "type", Shape::kEnum, &ReadType},
    {"status", "status", Shape::kText, &ReadString<&Issue::status>},
    {"plan", "plan", Shape::kText, &ReadString<&Issue::plan>},
    {"rollout", "rollout", Shape::kText, &ReadString<&Issue::rollout>},
    {"creator", "creator", Shape::kText, &ReadString<&Issue::creator>},
    {"labels", "labels", Shape::kList, &ReadStrings<&Issue::labels>},
    {"subscribers", "subscribers", Shape::kList, &ReadStrings<&Issue::subscribers>},
    {"reviews", "reviews", Shape::kList, &ReadReviews},
};
constexpr json::Message<Issue> kIssueMessage{"an issue", kIssueFields};

void WriteHead(JsonWriter& writer, const Issue& issue) {
  writer.Member("title", issue.title).Member("description", issue.description);
  writer.Member("type", issue.type).Member("status", issue.status);
  writer.Member("plan", issue.plan).Member("rollout", issue.rollout);
  writer.Member("creator", issue.creator);
  WriteStrings(writer, "labels", issue.labels);
  WriteStrings(writer, "subscribers", issue.subscribers);
}

/// One step that anybody may take: who may approve is a matter of who has a token.
void WriteTemplates(JsonWriter& writer, bool is_needed) {
  writer.Key("approvalTemplates").BeginArray();
  if (is_needed) {
    writer.BeginObject().Key("flow").BeginObject().Key("steps").BeginArray();
    writer.BeginObject().Member("type", "ANY").Key("nodes").BeginArray();
    writer.BeginObject().Member("type", "ANY_IN_GROUP").EndObject().EndArray().EndObject();
    writer.EndArray().EndObject().Member("title", "requiredIssueApproval");
    writer.Member("description", "").Member("creator", "").EndObject();
  }
  writer.EndArray();
}

}  // namespace

std::string_view ToString(ApprovalStatus status) {
  switch (status) {
    case ApprovalStatus::kSkipped:
      return "SKIPPED";
    case ApprovalStatus::kPending:
      return "PENDING";
    case ApprovalStatus::kApproved:
      return "APPROVED";
    case ApprovalStatus::kRejected:
      return "REJECTED";
  }
  base::CheckFailed(__FILE__, __LINE__, "status", "not a status");
}

base::Result<Issue> Issue::Read(std::string_view json) {
  return ReadMessage(json, kIssueMessage);
}

std::string Issue::Stored() const {
  JsonWriter writer;
  writer.BeginObject();
  WriteHead(writer, *this);
  writer.Key("reviews").BeginArray();
  for (const Review& review : reviews) {
    writer.BeginObject().Member("principal", review.principal);
    writer.MemberBool("approved", review.approved).Member("digest", review.digest);
    writer.Member("at", base::FormatInstant(review.at)).EndObject();
  }
  return writer.EndArray().EndObject().Take();
}

ApprovalStatus Issue::ApprovalOf(std::string_view digest, bool is_required) const {
  if (!is_required) return ApprovalStatus::kSkipped;
  const auto last = std::find_if(reviews.rbegin(), reviews.rend(),
                                 [&](const Review& review) { return review.digest == digest; });
  if (last == reviews.rend()) return ApprovalStatus::kPending;
  return last->approved ? ApprovalStatus::kApproved : ApprovalStatus::kRejected;
}

void WriteIssue(JsonWriter& writer, const Issue& issue, const IssueFacts& facts) {
  const std::string number = facts.name.substr(facts.name.rfind('/') + 1);
  writer.BeginObject().Member("name", facts.name).Member("uid", number);
  WriteHead(writer, issue);
  writer.Key("approvers").BeginArray();
  for (const Review& review : issue.reviews) {
    if (review.digest != facts.digest) continue;  // of something else
    writer.BeginObject().Member("status", review.approved ? "APPROVED" : "REJECTED");
    writer.Member("principal", review.principal).EndObject();
  }
  writer.EndArray();
  WriteTemplates(writer, facts.needs_approval);
  writer.MemberBool("approvalFindingDone", true).Member("approvalFindingError", "");
  writer.Member("approvalStatus", ToString(issue.ApprovalOf(facts.digest, facts.needs_approval)));
  WriteTime(writer, "createTime", facts.created);
  WriteTime(writer, "updateTime", facts.updated);
  writer.Key("grantRequest").Null().Key("releasers").BeginArray().EndArray();
  writer.Member("riskLevel", "RISK_LEVEL_UNSPECIFIED").Key("taskStatusCount").BeginObject();
  for (const auto& [status, count] : facts.task_counts) writer.Member(status, count);
  // Beyond Bytebase: what an approval given now would hold for.
  writer.EndObject().Member("digest", facts.digest).EndObject();
}

}  // namespace lockstep::service
