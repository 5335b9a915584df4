// IssueService: comments.
#include "core/base/text.h"
#include "core/names/resource_name.h"
#include "core/service/message.h"
#include "core/service/paging.h"
#include "native/service/driven_issue.h"
#include "native/service/methods.h"

namespace lockstep::service {
namespace {

using base::Error;
using base::ErrorCode;
using ledger::Object;

struct Comment {
  std::string name, comment, creator;
};
constexpr json::Field<Comment> kCommentFields[] = {
    {"name", "name", json::Shape::kText, &ReadString<&Comment::name>},
    {"comment", "comment", json::Shape::kText, &ReadString<&Comment::comment>},
    {"creator", "creator", json::Shape::kText, &ReadString<&Comment::creator>},
};
constexpr json::Message<Comment> kCommentMessage{"a comment", kCommentFields};

std::string Stored(const Comment& comment) {
  base::JsonWriter writer;
  writer.BeginObject().Member("comment", comment.comment);
  return writer.Member("creator", comment.creator).EndObject().Take();
}

base::Status Write(base::JsonWriter& writer, const Object& object) {
  const auto comment = ReadMessage(object.json, kCommentMessage);
  if (!comment.ok()) return comment.error();
  writer.BeginObject().Member("name", NameOf(object)).Member("comment", comment->comment);
  writer.Member("payload", "").Member("creator", comment->creator);
  WriteTime(writer, "createTime", object.created);
  WriteTime(writer, "updateTime", object.updated);
  writer.EndObject();
  return {};
}

Answer CommentAnswer(const Object& object) {
  base::JsonWriter writer;
  if (auto written = Write(writer, object); !written.ok()) return written.error();
  return writer.Take();
}

/// {"issueComment": {…}} wraps it in some clients, others send it as it is.
base::Result<Comment> ReadComment(const Call& call) {
  auto comment = ReadMessage(call.body, kCommentMessage);
  if (!comment.ok()) return comment.error();
  if (comment->comment.empty()) return Error{ErrorCode::kInvalidArgument, "the comment is empty"};
  return comment;
}

}  // namespace

Answer CreateIssueComment(Context& context, const Call& call) {
  const auto issue = FindIssue(context, call);
  if (!issue.ok()) return issue.error();
  auto comment = ReadComment(call);
  if (!comment.ok()) return comment.error();
  comment->creator = call.user;
  const auto object = context.objects.Create({.kind = Object::Kind::kIssueComment,
                                              .project = issue->project,
                                              .parent = NameOf(*issue),
                                              .created = context.now,
                                              .updated = context.now,
                                              .json = Stored(*comment)});
  if (!object.ok()) return object.error();
  return CommentAnswer(*object);
}

Answer UpdateIssueComment(Context& context, const Call& call) {
  const auto issue = FindIssue(context, call);
  if (!issue.ok()) return issue.error();
  const auto change = ReadComment(call);
  if (!change.ok()) return change.error();
  const std::string& name = change->name;
  auto object = Get(context, Object::Kind::kIssueComment, issue->project,
                    std::string_view(name).substr(name.rfind('/') + 1));
  if (!object.ok()) return object.error();
  if (NameOf(*object) != name || object->parent != NameOf(*issue))
    return Error{ErrorCode::kNotFound, base::Quote(name) + " not found"};
  auto stored = ReadMessage(object->json, kCommentMessage);
  if (!stored.ok()) return stored.error();
  stored->comment = change->comment;
  object->json = Stored(*stored);
  object->updated = context.now;
  if (auto updated = context.objects.Update(*object); !updated.ok()) return updated.error();
  return CommentAnswer(*object);
}

Answer ListIssueComments(Context& context, const Call& call) {
  const auto page = Page::Parse(call.Get("pageSize"), call.Get("pageToken"));
  if (!page.ok()) return page.error();
  const auto issue = FindIssue(context, call);
  if (!issue.ok()) return issue.error();
  auto objects = context.objects.List(Object::Kind::kIssueComment, issue->project, NameOf(*issue));
  if (!objects.ok()) return objects.error();
  std::reverse(objects->begin(), objects->end());  // as they were said
  base::JsonWriter writer;
  writer.BeginObject().Key("issueComments").BeginArray();
  for (std::size_t i = page->offset; i < page->End(objects->size()); ++i) {
    if (auto written = Write(writer, (*objects)[i]); !written.ok()) return written.error();
  }
  writer.EndArray().Member("nextPageToken", page->NextToken(objects->size()));
  return writer.EndObject().Take();
}

}  // namespace lockstep::service
