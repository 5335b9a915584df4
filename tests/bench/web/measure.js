// What is measured in Node and in Chromium alike: milliseconds, medians of interleaved rounds.

const id = (n) =>
  `${(Math.imul(n, 2654435761) >>> 0).toString(16).padStart(8, '0')}-a0a6-485d-ae60-${n.toString(16).padStart(12, '0')}`;

/** Ten specs a database, in chains: the plan of validate_bench.cc. */
export function makePlan(specs) {
  const lines = [];
  for (let i = 0; i < specs; ++i) {
    const dependency = i % 10 === 0 ? '' : `"${id(i - 1)}"`;
    lines.push(
      `        {"earliestAllowedTime": null, "id": "${id(i)}", "dependsOnSpecs": [${dependency}],\n` +
        `         "changeDatabaseConfig": {"target": "instances/prod-${Math.floor(i / 1000)}/databases/db${Math.floor(i / 10)}",\n` +
        `          "sheet": "projects/sample/sheets/${741 + i}", "type": "MIGRATE", "schemaVersion": "",\n` +
        '          "ghostFlags": {}, "preUpdateBackupDetail": {"database": ""}}}',
    );
  }
  return `{\n  "title": "a large plan",\n  "steps": [\n    {\n      "title": "step 1",\n      "specs": [\n${lines.join(',\n')}\n      ]\n    }\n  ]\n}\n`;
}

/** The median of each work's times, by name. */
async function race(rounds, works) {
  const times = Object.fromEntries(Object.keys(works).map((name) => [name, []]));
  for (let round = 0; round < rounds + 2; ++round) {
    for (const [name, work] of Object.entries(works)) {
      const start = performance.now();
      await work();
      if (round >= 2) times[name].push(performance.now() - start);
    }
  }
  const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)]));
}

/**
 * @param lockstep The package's API.
 * @param validateSchema A compiled validator of the plan schema.
 */
export async function measure(lockstep, validateSchema) {
  const large = makePlan(13_000);
  const largeBytes = new TextEncoder().encode(large);
  const small = makePlan(1000);
  const timelinePlan = makePlan(10_000);
  const parseAndCheck = (text) => {
    if (!validateSchema(JSON.parse(text))) throw new Error('the schema refuses the plan');
  };
  const check = async (plan) => {
    const {diagnostics} = await lockstep.validate({plan});
    if (diagnostics.some(({severity}) => severity === 'error')) throw new Error('errors');
  };
  const decoder = new TextDecoder();
  return {
    bytes: largeBytes.length,
    large: await race(9, {
      peerBytes: () => parseAndCheck(decoder.decode(largeBytes)),
      bytes: () => check(largeBytes),
      peerText: () => parseAndCheck(large),
      text: () => check(large),
    }),
    small: await race(30, {
      text: () => check(small),
      parse: () => {
        for (let i = 0; i < 10; ++i) JSON.parse(small);
      },
    }),
    timeline: (await race(9, {timeline: () => lockstep.timeline({plan: timelinePlan})})).timeline,
    eventsPerSecond: await measureEvents(lockstep),
  };
}

/**
 * Events of a simulation of 100,000 tasks, per second: each task is created, starts and ends. Where a
 * scenario disturbs the rollout, it is simulated once more without; this command disturbs nothing.
 */
async function measureEvents(lockstep) {
  const tasks = 100_000;
  const plan = new TextEncoder().encode(makePlan(tasks));
  const twice = JSON.stringify({commands: [{at: 0, retry: [id(0)]}]});
  const times = await race(7, {
    one: () => lockstep.timeline({plan}),
    two: () => lockstep.timeline({plan, scenario: twice}),
  });
  return ((3 * tasks) / (times.two - times.one)) * 1000;
}
