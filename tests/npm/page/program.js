// What a page does with the package: the same in every way to load it.

export const plan = `{"steps": [{"title": "grüß", "specs": [
  {"id": "a", "changeDatabaseConfig": {"target": "instances/i/databases/d", "sheet": "projects/p/sheets/1", "type": "MIGRATE"}},
  {"id": "b", "dependsOnSpecs": ["a", "c"], "changeDatabaseConfig": {"target": "instances/i/databases/d", "sheet": "projects/p/sheets/2", "type": "MIGRATE"}}]}]}`;

export async function use(load) {
  const lockstep = await load();
  const {diagnostics} = await lockstep.validate({plan});
  const repaired = new TextEncoder().encode(plan.replace(', "c"', ''));
  const {timeline} = await lockstep.timeline({plan: repaired}, {transfer: true});
  lockstep.close();
  return {
    errors: diagnostics.filter(({severity}) => severity === 'error').map(({slug}) => slug),
    ends: [...timeline.tasks.end],
  };
}
