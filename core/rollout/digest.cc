#include "core/rollout/digest.h"

#include "core/base/sha256.h"

namespace lockstep::rollout {
namespace {

// What is hashed: numbers in base 128, texts behind their length, lists behind theirs. Different
// contents give different bytes, and small ones: a rollout has 100,000 tasks.
class Bytes {
 public:
  Bytes& Number(std::uint64_t value) {
    for (; value >= 128; value >>= 7) buffer_ += static_cast<char>(value | 128);
    buffer_ += static_cast<char>(value);
    if (buffer_.size() > kChunk) Flush();
    return *this;
  }
  /// An index that may be invalid.
  template <class Tag>
  Bytes& Number(base::Index<Tag> index) {
    return Number(index.valid() ? std::uint64_t{index.value()} + 1 : 0);
  }
  Bytes& Text(std::string_view text) {
    Number(text.size());
    buffer_ += text;
    return *this;
  }
  std::string HexDigest() {
    Flush();
    return hash_.HexDigest();
  }

 private:
  static constexpr std::size_t kChunk = 1 << 16;
  void Flush() {
    hash_.Update(buffer_);
    buffer_.clear();
  }

  base::Sha256 hash_;
  std::string buffer_;
};

void AddFlags(Bytes& bytes, std::span<const plan::Flag> flags) {
  bytes.Number(flags.size());
  for (const plan::Flag& flag : flags) bytes.Text(flag.key.value).Text(flag.value.value);
}

void AddCreate(Bytes& bytes, const plan::CreateOptions& create) {
  for (const plan::SpannedText* text :
       {&create.database, &create.table, &create.character_set, &create.collation, &create.cluster,
        &create.owner, &create.environment}) {
    bytes.Text(text->value);
  }
}

void AddSpec(Bytes& bytes, const plan::Plan& plan, const plan::Spec& spec,
             check::SheetIndex sheet) {
  const plan::Config& config = spec.config;
  bytes.Text(spec.id.value).Number(static_cast<std::uint64_t>(config.kind)).Number(sheet);
  switch (config.kind) {
    case plan::ConfigKind::kChangeDatabase:
      bytes.Text(config.schema_version.value)
          .Text(config.backup_database.value)
          .Number(config.enable_prior_backup.value)
          .Text(config.release.value)
          .Text(spec.release_file.value);
      AddFlags(bytes, plan.GhostFlagsOf(spec));
      break;
    case plan::ConfigKind::kCreateDatabase:
      AddCreate(bytes, plan.CreateOf(spec));
      AddFlags(bytes, plan.LabelsOf(spec));
      break;
    case plan::ConfigKind::kExportData:
      // A digest is shown to everybody: of the password it tells only that there is one.
      bytes.Number(static_cast<std::uint64_t>(config.format.value)).Number(config.password.present);
      break;
    case plan::ConfigKind::kNone:
      break;
  }
}

// What the plan and its sheets say.
void AddPlan(Bytes& bytes, const check::CheckedPlan& checked) {
  bytes.Text(checked.semantics().name).Text(checked.plan().release.value);
  bytes.Number(checked.sheets().size());
  for (const check::Sheet& sheet : checked.sheets()) {
    // Without its text (a simulation without sheets) a sheet counts by its name alone.
    bytes.Text(sheet.name).Text(sheet.sha256);
  }
  const plan::Plan& plan = checked.plan();
  bytes.Number(plan.specs.size());
  for (plan::SpecIndex spec : plan.specs.indices())
    AddSpec(bytes, plan, plan.specs[spec], checked.spec(spec).sheet);
}

void AddCalendar(Bytes& bytes, const base::Calendar& calendar) {
  bytes.Text("calendar").Number(calendar.windows().size()).Number(calendar.freezes().size());
  for (const base::Window& window : calendar.windows()) {
    bytes.Number(window.days)
        .Number(static_cast<std::uint64_t>(window.from))
        .Number(static_cast<std::uint64_t>(window.to))
        .Text(window.zone);
  }
  for (const base::Freeze& freeze : calendar.freezes()) {
    bytes.Number(static_cast<std::uint64_t>(freeze.from.ms))
        .Number(static_cast<std::uint64_t>(freeze.to.ms));
  }
}

// What became of it: targets, order, caps, hours.
void AddRollout(Bytes& bytes, const Rollout& rollout) {
  bytes.Number(static_cast<std::uint64_t>(rollout.policy.stage_gate))
      .Number(rollout.policy.terminal_end_state)
      .Number(rollout.policy.parallel);
  // Only where they count, so that older digests stay what they were.
  if (rollout.policy.canary > 0) bytes.Text("canary").Number(rollout.policy.canary);
  if (rollout.policy.max_failures) bytes.Text("max failures").Number(*rollout.policy.max_failures);
  if (rollout.policy.on_request) bytes.Text("on request");
  bytes.Number(rollout.stages.size());
  for (const Stage& stage : rollout.stages) {
    bytes.Text(stage.environment).Number(stage.tasks.size());
    if (!stage.calendar.always()) AddCalendar(bytes, stage.calendar);
  }
  bytes.Number(rollout.instances.size());
  for (const Instance& instance : rollout.instances)
    bytes.Text(instance.name).Number(instance.maximum_connections);
  bytes.Number(rollout.databases.size());
  for (const Database& database : rollout.databases) bytes.Text(database.name);
  bytes.Number(rollout.tasks.size());
  for (const Task& task : rollout.tasks) {
    bytes.Number(task.spec)
        .Number(task.group)
        .Number(task.database)
        .Number(task.instance)
        .Number(static_cast<std::uint64_t>(task.type) << 1 |
                static_cast<std::uint64_t>(task.serial))
        .Number(static_cast<std::uint64_t>(task.earliest.ms))
        .Number(task.version_rank);
  }
  bytes.Number(rollout.groups.size());
  for (const Group& group : rollout.groups) {
    bytes.Number(group.depends_on.size());
    for (GroupIndex dependency : group.depends_on.Of(rollout.dependencies))
      bytes.Number(dependency);
  }
}

/// Where the instances are. The same names elsewhere are other databases.
void AddAddresses(Bytes& bytes, const inventory::Inventory& inventory, const Rollout& rollout) {
  for (const Instance& instance : rollout.instances) {
    const inventory::InstanceIndex index = inventory.FindInstance(instance.name);
    const inventory::DataSource* admin =
        index.valid() ? inventory.instances[index].Admin() : nullptr;
    bytes.Number(admin != nullptr);
    if (admin == nullptr) continue;
    bytes.Text(admin->host.value).Text(admin->port.value).Text(admin->username.value);
  }
}

}  // namespace

std::string Digest(const check::CheckedPlan& plan, const Rollout& rollout,
                   std::string_view version) {
  Bytes bytes;
  bytes.Text(version);
  AddPlan(bytes, plan);
  AddRollout(bytes, rollout);
  AddAddresses(bytes, plan.inventory(), rollout);
  return bytes.HexDigest();
}

}  // namespace lockstep::rollout
