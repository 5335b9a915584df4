// Validating a plan of 100,000 specs (about 30 MB) with all rules on, beside simdjson's DOM parse of the same
// bytes in the same run. Prints the ratio of medians of interleaved rounds, and the peak memory of one
// validation in a fresh process as a multiple of the document.
//   bench_validate [SPECS] [ROUNDS]
#include <simdjson.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/api/workspace.h"

namespace {

using Clock = std::chrono::steady_clock;

// Ten specs a database; every tenth starts a chain, the others depend on the one before.
std::string MakePlan(int specs) {
  std::string plan = "{\n  \"title\": \"a large plan\",\n  \"steps\": [\n    {\n      \"title\": \"step 1\",\n      \"specs\": [\n";
  char text[1024];
  for (int i = 0; i < specs; ++i) {
    const auto id = [](int n) {
      char uuid[40];
      std::snprintf(uuid, sizeof uuid, "%08x-a0a6-485d-ae60-%012x", n * 2654435761u, n);
      return std::string(uuid);
    };
    const std::string dependency = i % 10 == 0 ? "" : '"' + id(i - 1) + '"';
    std::snprintf(text, sizeof text,
                  "        {\"earliestAllowedTime\": null, \"id\": \"%s\", \"dependsOnSpecs\": [%s],\n"
                  "         \"changeDatabaseConfig\": {\"target\": \"instances/prod-%d/databases/db%d\",\n"
                  "          \"sheet\": \"projects/sample/sheets/%d\", \"type\": \"MIGRATE\", \"schemaVersion\": \"\",\n"
                  "          \"ghostFlags\": {}, \"preUpdateBackupDetail\": {\"database\": \"\"}}}%s\n",
                  id(i).c_str(), dependency.c_str(), i / 1000, i / 10, 741 + i, i + 1 < specs ? "," : "");
    plan += text;
  }
  return plan + "      ]\n    }\n  ]\n}\n";
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

template <class Work>
double MillisecondsOf(Work work) {
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

std::size_t Validate(std::string plan) {
  lockstep::api::Inputs inputs;
  inputs.plan = lockstep::diagnostics::Source("plan.json", std::move(plan));
  const auto workspace = lockstep::api::Workspace::Read(std::move(inputs), {});
  if (workspace->has_errors()) {
    std::fprintf(stderr, "the generated plan has errors: %s\n", workspace->diagnostics()[0].message.c_str());
    std::exit(1);
  }
  return workspace->diagnostics().size();
}

// Peak resident memory of `work` in a child process, in bytes.
template <class Work>
double PeakOf(Work work) {
  const pid_t child = fork();
  if (child == 0) {
    work();
    _exit(0);
  }
  struct rusage usage {};
  wait4(child, nullptr, 0, &usage);
  return usage.ru_maxrss * 1024.0;
}

}  // namespace

int main(int argc, char** argv) {
  const int specs = argc > 1 ? std::atoi(argv[1]) : 100000;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 11;
  // The child measures before this process holds anything large: a fork inherits what is resident.
  const double base = PeakOf([] {});
  const double peak = PeakOf([&] { Validate(MakePlan(specs)); });
  const double document_only = PeakOf([&] { MakePlan(specs); });

  const std::string plan = MakePlan(specs);
  std::printf("plan: %d specs, %.1f MB\n", specs, plan.size() / 1e6);
  simdjson::padded_string padded(plan);
  simdjson::dom::parser parser;
  std::vector<double> dom_ms, cold_ms, validate_ms;
  std::size_t findings = 0;
  for (int round = 0; round < rounds; ++round) {
    dom_ms.push_back(MillisecondsOf([&] { (void)parser.parse(padded).error(); }));
    cold_ms.push_back(MillisecondsOf([&] {
      simdjson::dom::parser fresh;
      (void)fresh.parse(padded).error();
    }));
    std::string copy;
    copy.reserve(plan.size() + lockstep::diagnostics::Source::kPadding);  // as a reader of files does
    copy = plan;
    validate_ms.push_back(MillisecondsOf([&] { findings = Validate(std::move(copy)); }));
  }
  const double dom = Median(dom_ms), cold = Median(cold_ms), validate = Median(validate_ms);
  std::printf("findings (infos and warnings): %zu\n", findings);
  std::printf("simdjson DOM parse, parser reused  %8.1f ms   1.00\n", dom);
  std::printf("simdjson DOM parse, parser fresh   %8.1f ms   %.2f\n", cold, cold / dom);
  std::printf("validate, all rules                %8.1f ms   %.2f   (%.2f of fresh; target 5, goal 3)\n", validate,
              validate / dom, validate / cold);
  std::printf("peak memory                        %8.1f MB   %.2f of the document (target 8)\n",
              (peak - base) / 1e6, (peak - base) / plan.size());
  std::printf("  of it making the document        %8.1f MB\n", (document_only - base) / 1e6);
}
