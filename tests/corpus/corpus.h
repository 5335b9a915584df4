// The golden corpus: cases as files, and what comes of them.
//
//   bad-<slug>.json  ok-<what>.json   the plan, and <case>.expected: the findings as text
//   <case>.inventory.json             else shared.inventory.json
//   <case>.sheets/741.sql             else shared.sheets/
//   <case>.scenario.json              else none
//   <case>.options                    one a line: now TIME · semantics NAME · lenient · inventory
//   none ·
//                                     sheets none · unreadable ID · max-bytes N · rule
//                                     SLUG=SEVERITY
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/api/workspace.h"

namespace lockstep::corpus {

using Texts = std::map<std::string, std::string>;  // by file name, relative to the corpus

struct Case {
  std::string name;
  std::string plan;  // names of files in `texts`
  std::optional<std::string> inventory, scenario;
  bool has_sheets = true;
  std::string sheets_prefix;         // "bad-x.sheets/"
  std::set<std::string> unreadable;  // ids of sheets
  api::Options options;
  Texts texts;
};

std::string Folder();
std::string ReadFile(const std::string& path);
std::vector<Case> LoadCases();  // by name

/// Reads the documents, with the texts of `changed` in place of the files'.
std::unique_ptr<api::Workspace> Read(const Case& of, const Texts& changed = {});
std::string Render(const api::Workspace& workspace);

/// Up to 24 lines of the document around a finding and what it relates to.
std::string EssentialLines(const api::Workspace& workspace, const diagnostics::Diagnostic& finding);

/// The texts that a fix changes, after it.
Texts Apply(const diagnostics::Fix& fix, const diagnostics::Sources& sources);

}  // namespace lockstep::corpus
