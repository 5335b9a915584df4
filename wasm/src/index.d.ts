/** UTF-16 from a string, or UTF-8 as it lies in a file. Bytes are faster. */
export type Text = string | Uint8Array;

export type Severity = 'error' | 'warning' | 'info';
export type Semantics = 'documented' | 'bytebase-3.4';

export interface Options {
  /** Unknown fields are warnings, as Bytebase's server ignores them. */
  lenient?: boolean;
  semantics?: Semantics;
  /** RFC 3339. Rules about times in the past are silent without it. */
  now?: string | Date;
  /** Runs at once in the whole rollout; 0: no limit. */
  parallel?: number;
  /** Of every spec's databases so many go first, the others when those are done; 0: none. */
  canary?: number;
  /** Pauses when more tasks have failed: "5", or "2%" of all. */
  maxFailures?: string;
  /** By code or slug: {"unused-sheet": "off"}. */
  rules?: Record<string, Severity | 'off'>;
}

/** A plan and what stands around it. */
export interface Documents {
  plan: Text;
  /** What diagnostics call it; "plan.json". */
  planName?: string;
  inventory?: Text;
  inventoryName?: string;
  /**
   * All sheets there are, beside those whose text stands in the inventory, by name
   * ("projects/p/sheets/741") or by its last part ("741"). Without it, rules about sheets are silent.
   */
  sheets?: Record<string, Text>;
}

export interface PlanRequest extends Documents {
  options?: Options;
}

export interface SimulateRequest extends PlanRequest {
  scenario?: Text;
  scenarioName?: string;
}

export interface StudyRequest extends SimulateRequest {
  options?: Options & {
    /** Where the time goes, and what would shorten it. */
    explain?: boolean;
    /** Simulated so many times, what is uncertain drawn by lot; at most 1,000,000, 0: not at all. */
    runs?: number;
    /** "Sat 01:00-05:00 Europe/Berlin": starts when it opens next, and has to be done when it closes. */
    window?: string;
  };
}

export interface ReplayRequest extends PlanRequest {
  /** NDJSON, as `lockstep run --events` writes it. A last line that is cut off is left out. */
  events: Text;
}

export interface CompareRequest extends SimulateRequest, ReplayRequest {}

/** From a real run, from a table, or from both. */
export type LearnRequest = PlanRequest & (WithEvents | WithTable);
interface WithEvents {
  /** NDJSON, as for `replay`. */
  events: Text;
  table?: string[][];
}
interface WithTable {
  /**
   * The records of a CSV file. The first names the columns: "duration" ("90s") and any of "spec",
   * "target", "class" and "size". Empty lines are records, too: so mistakes are told with their line.
   */
  table: string[][];
  events?: Text;
}

export interface RenderRequest extends SimulateRequest {
  /** Draws this real run instead of a simulated one. */
  events?: Text;
  drawing?: {
    /** Lanes over time, or the graph of dependencies: of svg and html alone. */
    view?: 'lanes' | 'graph';
    /** Pixels, of lanes; 960. Of the format "lanes": columns; 80. */
    width?: number;
    /** At most so many lines of the format "lanes" (40), or tasks of "mermaid" (300). */
    rows?: number;
    /**
     * An SVG document; an HTML page with both views and a table; lanes as text, for a terminal; a
     * gantt diagram of Mermaid; a trace in Chrome's format, for ui.perfetto.dev.
     */
    format?: 'svg' | 'html' | 'lanes' | 'mermaid' | 'trace';
  };
}

export interface DiffRequest extends SimulateRequest {
  /** What the plan is compared with. */
  other: Documents;
}

export interface StatementsRequest {
  sheet: Text;
  sheetName?: string;
  /** "POSTGRES", "MYSQL" … */
  engine: string;
}

export interface ConvertRequest extends PlanRequest {
  /** Missing: the other form than the plan has. */
  to?: 'flat' | 'steps';
  options?: Options & {
    /** To the flat form: specs that differ in their database alone become one; their ids are lost. */
    merge?: boolean;
  };
}

export interface ImportRequest {
  tool: 'flyway' | 'dbmate' | 'golang-migrate' | 'goose' | 'sqitch' | 'liquibase-sql';
  /** All files of the folder, by their paths from there on. */
  files: Record<string, Text>;
  /** Databases or database groups, by their whole names. */
  targets: string[];
  /** Of the sheets; "migrations". */
  project?: string;
  /** Says engines and environments of the targets. */
  inventory?: Text;
  inventoryName?: string;
  /** Of targets that no inventory knows: "POSTGRES", "MYSQL" … */
  engine?: string;
}

export interface CallOptions {
  /** Rejects with its reason. What has not begun is not begun. */
  signal?: AbortSignal;
  /** A call takes the place of those before it on the same channel: they reject with AbortError. */
  channel?: string;
  /** Hand the bytes over to the worker instead of copying them; they are gone here then. */
  transfer?: boolean;
}

/** From 0; characters in UTF-16 code units in `range`, in bytes in `byteRange`. */
export interface Position {
  line: number;
  character: number;
}
export interface Range {
  start: Position;
  end: Position;
}
export interface Place {
  file: string;
  range: Range;
  byteRange: Range;
  /** Bytes from the start of the document. */
  span: {begin: number; end: number};
}
export interface Related extends Place {
  message: string;
  pointer: string;
}
export interface Edit extends Place {
  newText: string;
}
export interface Fix {
  title: string;
  edits: Edit[];
}
export interface Diagnostic extends Place {
  /** "LS302" */
  code: string;
  /** "dependency-cycle" */
  slug: string;
  severity: Severity;
  message: string;
  /** JSON Pointer (RFC 6901); empty for SQL and for the whole document. */
  pointer: string;
  related: Related[];
  fixes: Fix[];
}

export type TaskStatus =
  | 'NOT_STARTED'
  | 'PENDING'
  | 'RUNNING'
  | 'DONE'
  | 'FAILED'
  | 'CANCELED'
  | 'SKIPPED'
  | 'IN_DOUBT';
export type RolloutStatus =
  | 'NOT_STARTED'
  | 'RUNNING'
  | 'PAUSED'
  | 'DONE'
  | 'FAILED'
  | 'IN_DOUBT'
  | 'BLOCKED';
export type TaskType =
  | 'DATABASE_CREATE'
  | 'DATABASE_SCHEMA_BASELINE'
  | 'DATABASE_SCHEMA_UPDATE'
  | 'DATABASE_SCHEMA_UPDATE_SDL'
  | 'DATABASE_SCHEMA_UPDATE_GHOST_SYNC'
  | 'DATABASE_SCHEMA_UPDATE_GHOST_CUTOVER'
  | 'DATABASE_SCHEMA_UPDATE_GHOST'
  | 'DATABASE_DATA_UPDATE'
  | 'DATABASE_DATA_EXPORT';
export type WaitingCause =
  | 'stage'
  | 'earliestAllowedTime'
  | 'dependency'
  | 'canary'
  | 'version'
  | 'window'
  | 'database'
  | 'instance'
  | 'parallel'
  | 'paused'
  | 'notRequested';

/** Why a task does not run. */
export interface Waiting {
  cause: WaitingCause;
  /** The task that it waits for. */
  by: string | null;
  /** RFC 3339 */
  until: string | null;
  /** Only a retry or a skip of `by` helps. */
  blocked: boolean;
}

export interface RolloutTask {
  name: string;
  stage: string;
  spec: string;
  /** "" for a task that creates one. */
  database: string;
  type: TaskType;
  /** RFC 3339 */
  earliestAllowedTime: string | null;
  dependsOnSpecs: string[];
}
export interface Rollout {
  name: string;
  title: string;
  digest: string;
  stages: {name: string; title: string; environment: string; tasks: RolloutTask[]}[];
}

/** Times are milliseconds from the start. */
export interface SimulatedTask {
  name: string;
  stage: string;
  spec: string;
  database: string;
  status: TaskStatus;
  start: number | null;
  end: number | null;
  attempts: number;
  waits: {cause: WaitingCause; by: string | null; from: number; to: number}[];
  waiting: Waiting | null;
}
export interface Simulation {
  digest: string;
  status: RolloutStatus;
  /** RFC 3339 */
  start: string;
  makespan: number;
  stages: {
    name: string;
    title: string;
    environment: string;
    start: number | null;
    end: number | null;
    tasks: number;
  }[];
  tasks: SimulatedTask[];
  criticalPath: string[];
}

/** How a rollout ends; milliseconds from the start. */
export interface End {
  status: RolloutStatus;
  makespan: number;
}
/** With what the scenario disturbs (after), beside the same without (before). Tasks by name. */
export interface Comparison {
  before: End;
  after: End;
  /** Tasks that run, and end otherwise. */
  broken: {task: string; status: TaskStatus}[];
  /** Tasks that start no longer. */
  blocked: {task: string; by: string | null; cause: WaitingCause | 'none'}[];
  /** Tasks that start later, or earlier: less than 0. */
  shifted: {task: string; later: number; cause: WaitingCause | 'none'; waitedFor: string | null}[];
  /** Tasks that start when they did and end as they did, later, or earlier: less than 0. */
  stretched: {task: string; later: number}[];
  unchanged: number;
  /** What an operator can do, and how it ends then. */
  remedies: ({command: 'retry' | 'skip' | 'cancel'; tasks: string[]; unfinished: number} & End)[];
}
/** Where the time goes; milliseconds. */
export interface TimeAnalysis {
  /** Of all tasks together; only causes that there are. */
  waits: {cause: WaitingCause; total: number; tasks: number; onCriticalPath: number}[];
  /** By task: so much longer it could take without the rollout ending later; null: it has not run. */
  slack: (number | null)[];
  databases: {name: string; busy: number}[];
  instances: {name: string; busy: number; most: number; maximumConnections: number}[];
  /** At once, at most. */
  mostTasks: number;
  /** What would shorten the rollout, in words, and how long it would take then. */
  advice: {makespan: number; changes: string[]}[];
}
/** Of many simulations. */
export interface Forecast {
  runs: number;
  seed: number;
  /** So many end DONE. */
  done: number;
  /** Milliseconds from the start. */
  deadline: number | null;
  /** So many of these are not after the deadline; all without one. */
  inTime: number;
  /** Of those that end DONE, in milliseconds: half of them take at most p50. Null: none does. */
  makespan: Record<
    'least' | 'p5' | 'p10' | 'p25' | 'p50' | 'p75' | 'p90' | 'p95' | 'p99' | 'most',
    number
  > | null;
  /** In how many runs a task lay on the critical path, or was neither DONE nor SKIPPED in the end. */
  tasks: {task: string; critical: number; undone: number}[];
}
export interface Study extends Simulation {
  /** Of the window, else of the scenario. */
  deadline: {at: string; met: boolean} | null;
  /** Tasks that still run when the window closes in which they started. */
  overruns: {task: string; by: number}[];
  /** Null when the scenario disturbs nothing. */
  comparison: Comparison | null;
  /** With the option `explain`. */
  analysis: TimeAnalysis | null;
  /** With the option `runs`. */
  forecast: Forecast | null;
}

/** One fact about a rollout: event.schema.json. */
export interface RolloutEvent {
  sequence: number;
  at: string;
  type: string;
  [field: string]: unknown;
}

/**
 * A schedule as columns: row i of `tasks` is the task ROLLOUT/stages/STAGE+1/tasks/i+1. Numbers index
 * the lists and rows beside them, -1: none. Times are milliseconds from the start, -1: none.
 */
export interface Timeline {
  rollout: string;
  digest: string;
  status: RolloutStatus;
  start: string;
  makespan: number;
  stages: {name: string; title: string; environment: string}[];
  specs: string[];
  /** What to call them where there is little room: a UUID is cut to its first block. */
  specLabels: string[];
  databases: string[];
  statuses: TaskStatus[];
  causes: ('none' | WaitingCause)[];
  /** What to call a cause: "for {task} (stage {stage})", "until {time}"; Alone: no task is known. */
  causeTexts: string[];
  causeTextsAlone: string[];
  /** "blocked by {task}" */
  blockedText: string;
  tasks: {
    stage: Int32Array;
    spec: Int32Array;
    database: Int32Array;
    /** What one spec became in one stage. */
    group: Int32Array;
    status: Uint8Array;
    attempts: Int32Array;
    start: Float64Array;
    end: Float64Array;
    /** The cause for which a task still waits at the end. */
    waiting: Uint8Array;
    waitingBy: Int32Array;
    /** 1: only a retry or a skip of `waitingBy` helps. */
    blocked: Uint8Array;
  };
  /** Where the drawings put tasks: a lane for each database, with rows for runs that overlap. */
  lanes: {labels: string[]; rows: Int32Array; lane: Int32Array; row: Int32Array};
  /** Between groups. */
  dependencies: {group: Int32Array; on: Int32Array};
  waits: {
    task: Int32Array;
    cause: Uint8Array;
    by: Int32Array;
    from: Float64Array;
    to: Float64Array;
  };
  criticalPath: Int32Array;
}

export interface TaskError {
  message: string;
  code: string;
  /** Number in its sheet, line and column, from 1; 0: not known. */
  statement: number;
  line: number;
  column: number;
  detail: string;
  hint: string;
}
export interface RolloutState {
  rollout: string;
  digest: string;
  status: RolloutStatus;
  tasks: {
    name: string;
    stage: string;
    spec: string;
    database: string;
    status: TaskStatus;
    attempt: number;
    start: string | null;
    end: string | null;
    error: TaskError | null;
    detail: string;
    waiting: Waiting | null;
  }[];
}

export interface Rule {
  code: string;
  slug: string;
  severity: Severity;
  family: string;
  /** What Bytebase's server does with such a plan. */
  server: string;
  reference: string[];
  summary: string;
  why: string;
  fix: string;
}

export interface ValidateAnswer {
  diagnostics: Diagnostic[];
}
/** Null where the plan has errors. */
export interface ExpandAnswer extends ValidateAnswer {
  rollout: Rollout | null;
}
export interface SimulateAnswer extends ValidateAnswer {
  simulation: Simulation | null;
  events: RolloutEvent[];
}
export interface TimelineAnswer extends ValidateAnswer {
  timeline: Timeline | null;
  /** The end without what the scenario disturbs; null when that is nothing. */
  undisturbed: End | null;
}
export interface StudyAnswer extends ValidateAnswer {
  /** Null when the plan has errors, or the window is none. */
  study: Study | null;
  /** In words, as `lockstep simulate` says it. */
  texts: {
    comparison: string | null;
    analysis: string | null;
    /** Whether it ends in time, and what outlasts its window. */
    deadline: string | null;
    forecast: string | null;
  } | null;
  /** Of the window. */
  error?: {message: string};
}
/** A plan under its semantics (before) and the other ones (after). */
export interface SemanticsComparison {
  semantics: Semantics;
  other: Semantics;
  before: End;
  after: End;
  /** Tasks that start at another time, or are there under one of them only; null: never, none. */
  differences: {
    spec: string;
    database: string;
    task: string | null;
    start: number | null;
    otherTask: string | null;
    otherStart: number | null;
    /** Names of switches, each a reason alone; none: several together. */
    reasons: string[];
  }[];
  /** Databases on which tasks take another order. */
  orders: {database: string; tasks: string[]; otherTasks: string[]}[];
  /** Those that are the reason of something. */
  switches: {name: string; documented: string; server: string; source: string}[];
}
export interface SemanticsAnswer extends ValidateAnswer {
  /** Null when the plan has errors. */
  comparison: SemanticsComparison | null;
  /** In words, as `lockstep simulate --compare` says it. */
  text: string | null;
}

/** A real run beside the simulated one; milliseconds from the start, null: it has not run. */
export interface RunComparison {
  rollout: string;
  simulated: End;
  actual: End;
  /** Whether it follows from the rules, durations as they were; else from which event on not. */
  order: {follows: boolean; sequence: number | null; message: string | null};
  tasks: {
    name: string;
    spec: string;
    database: string;
    simulated: {start: number | null; end: number | null};
    actual: {start: number | null; end: number | null};
  }[];
}
export interface CompareAnswer extends ValidateAnswer {
  /** Null when the plan has errors, or there are no events yet. */
  comparison: RunComparison | null;
  /** In words, as `lockstep compare` says it. */
  text: string | null;
  /** Events that are none, or contradict each other. */
  error?: {message: string};
}
export interface LearnAnswer extends ValidateAnswer {
  /** JSON: the durations of runs that went well, as distributions. Null when there is no such run. */
  scenario: string | null;
  /** So many they are. */
  runs: number | null;
  /** Events that are none or contradict each other, or a mistake in the table, with its line. */
  error?: {message: string};
}
export interface RenderAnswer extends ValidateAnswer {
  /** The document's text. */
  drawing: string | null;
  /** Events that are none, or contradict each other. */
  error?: {message: string};
}
/** What one of two plans says. */
export interface DiffSide {
  file: string;
  range: Range;
  /** A spec's id, a step's title, an instance, a group, a sheet; "" for the plan. */
  of: string;
  /** "" where it is not set; what stands before it where the order changed. */
  value: string;
}
export interface PlanChange {
  what:
    | 'plan'
    | 'inventory'
    | 'step'
    | 'stepTitle'
    | 'stepOrder'
    | 'spec'
    | 'specId'
    | 'specStep'
    | 'specOrder'
    | 'dependency'
    | 'target'
    | 'targetOrder'
    | 'database'
    | 'sheet'
    | 'sheetText'
    | 'field';
  how: 'added' | 'removed' | 'changed' | 'moved';
  /** As in JSON, for plan, inventory and field; else "". */
  field: string;
  message: string;
  /** Null for what is added. */
  a: DiffSide | null;
  /** Null for what is removed. */
  b: DiffSide | null;
  /** Of sheets, where both texts are there. */
  statements: {added: number; removed: number; changed: number; sameText: boolean} | null;
  /** The specs concerned, for sheetText and database; else 0. */
  uses: number;
}
/** Milliseconds from the start. */
export interface ShiftedTask {
  shift: 'appears' | 'disappears' | 'earlier' | 'later' | 'starts' | 'startsNever';
  spec: string;
  database: string;
  a: {name: string; start: number | null; end: number | null} | null;
  b: {name: string; start: number | null; end: number | null} | null;
}
export interface DiffedSchedule {
  digest: string;
  status: RolloutStatus;
  start: string;
  makespan: number;
  stages: number;
  databases: number;
  tasks: number;
  criticalPath: string[];
}
export interface PlanDiff {
  changes: PlanChange[];
  /** The texts of sheets are not there for both plans. */
  sheetsByNameAlone: boolean;
  /** No changes, and equal digests. */
  same: boolean;
  schedule: {
    a: DiffedSchedule;
    b: DiffedSchedule;
    tasks: ShiftedTask[];
    /** Tasks that have another turn on their database; `after`: whose turn it was before. */
    turns: {
      spec: string;
      database: string;
      a: {name: string; after: string | null};
      b: {name: string; after: string | null};
    }[];
    criticalPathDiffers: boolean;
  };
}
export interface DiffAnswer extends ValidateAnswer {
  otherDiagnostics: Diagnostic[];
  /** Null when one of the plans has errors, or the scenario speaks of what neither has. */
  diff: PlanDiff | null;
}
export interface Outline {
  steps: {
    title: string;
    range: Range;
    specs: {
      /** What the timeline's column `spec` counts. */
      index: number;
      id: string;
      range: Range;
      kind: string;
      type: string;
      targets: string[];
      sheet: string;
    }[];
  }[];
  environments: string[];
  instances: string[];
  databases: string[];
  groups: string[];
  /** With the engines that they run on; none while the plan has errors. */
  sheets: {name: string; engines: string[]}[];
}
export interface OutlineAnswer extends ValidateAnswer {
  /** Null when the plan is not JSON or no plan. */
  outline: Outline | null;
}
export interface StatementsAnswer extends ValidateAnswer {
  statements: {
    text: string;
    class: string;
    range: Range;
    notInTransaction: boolean;
    implicitCommit: boolean;
    leavesSessionState: boolean;
    repeat: number;
  }[];
}
/** Something to know about a place that no rule finds fault with. */
export interface Remark {
  file: string;
  message: string;
  /** JSON Pointer (RFC 6901); empty for SQL. */
  pointer: string;
  range: Range;
}
export interface ConvertAnswer extends ValidateAnswer {
  /** JSON; null where the plan has errors, or the other form can say nothing of it. */
  plan: string | null;
  /** What the other form cannot say. */
  losses: Remark[];
  error?: {message: string};
}
export interface ImportAnswer extends ValidateAnswer {
  /** JSON; null where there are errors. */
  plan: string | null;
  /** SQL, by the names of files for the folder of sheets: "101-name.sql". */
  sheets: Record<string, string>;
  /** A first one, where the engine is given and no inventory is. */
  inventory: string | null;
  /** What is skipped or changed. */
  notices: Remark[];
  errors: Remark[];
}
export interface ReplayAnswer extends ValidateAnswer {
  status: RolloutState | null;
  /** Without waits and critical path: events do not tell them. */
  timeline: Timeline | null;
  /** Events that are none, or contradict each other. */
  error?: {message: string};
}

/**
 * Calls are answered in order. A request that is not understood rejects with TypeError; a bug in
 * Lockstep with LockstepError, after which the next call starts afresh.
 */
export interface Lockstep {
  validate(request: PlanRequest, options?: CallOptions): Promise<ValidateAnswer>;
  expand(request: PlanRequest, options?: CallOptions): Promise<ExpandAnswer>;
  simulate(request: SimulateRequest, options?: CallOptions): Promise<SimulateAnswer>;
  /** What if, how likely, and where the time goes. */
  study(request: StudyRequest, options?: CallOptions): Promise<StudyAnswer>;
  /** simulate for many tasks: typed arrays instead of objects. */
  timeline(request: SimulateRequest, options?: CallOptions): Promise<TimelineAnswer>;
  replay(request: ReplayRequest, options?: CallOptions): Promise<ReplayAnswer>;
  /** The drawing that `lockstep render` makes, byte for byte. */
  render(request: RenderRequest, options?: CallOptions): Promise<RenderAnswer>;
  /** What differs on Bytebase's own server, and why. */
  semantics(request: SimulateRequest, options?: CallOptions): Promise<SemanticsAnswer>;
  /** A real run beside what the scenario lets expect. */
  compare(request: CompareRequest, options?: CallOptions): Promise<CompareAnswer>;
  /** How long tasks take, from a real run or from a table. */
  learn(request: LearnRequest, options?: CallOptions): Promise<LearnAnswer>;
  /** Two plans by what they mean, and what becomes of the schedule. */
  diff(request: DiffRequest, options?: CallOptions): Promise<DiffAnswer>;
  /** What the documents name and where, for editors. */
  outline(request: PlanRequest, options?: CallOptions): Promise<OutlineAnswer>;
  /** How a sheet splits, without a plan. */
  statements(request: StatementsRequest, options?: CallOptions): Promise<StatementsAnswer>;
  /** A plan in its other form. */
  convert(request: ConvertRequest, options?: CallOptions): Promise<ConvertAnswer>;
  /** The migrations of another tool as a plan and its sheets. */
  import(request: ImportRequest, options?: CallOptions): Promise<ImportAnswer>;
  rules(): Promise<Rule[]>;
  version(): Promise<string>;
  /** Ends the worker, if there is one; calls under way reject with AbortError. */
  close(): void;
}

/** A module, its bytes, or where to fetch it. */
export type ModuleSource =
  | string
  | URL
  | BufferSource
  | Response
  | WebAssembly.Module
  | PromiseLike<BufferSource | Response>;

export interface LoadOptions {
  /** lockstep.wasm, when it is not beside the script. */
  wasm?: ModuleSource;
  /** lockstep-more.wasm, in the same way. It is loaded with the first question that an editor does not ask at each keystroke. */
  more?: ModuleSource;
  /** By itself: 'scalar' where there is no WebAssembly SIMD. */
  kernel?: 'simd' | 'scalar';
}

export function load(options?: LoadOptions): Promise<Lockstep>;

export class LockstepError extends Error {}
