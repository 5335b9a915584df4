// A rollout of the server that this page comes from: opened, followed, and told what to do. What
// becomes of it is told by its events alone.
import type {ReactiveControllerHost} from 'lit';

import {readExport} from './files.js';
import type {Follower} from './follow.js';
import {rolloutEvents} from './rollout-events.js';
import {isRolloutName, pathOf, Server, serverMeta, type RolloutEntry} from './server.js';
import type {Question} from './views/ask-dialog.js';
import {lastPart, type Output, type Workspace} from './workspace.js';

export type Connection = 'live' | 'lost' | 'closed';

export interface TaskRequest {
  what: 'run' | 'skip' | 'cancel';
  task: string;
  /** Of its last run; 0 without one. */
  attempt: number;
}

/** What it needs of the page. */
interface Page {
  open(workspace: Workspace): void;
  /** All events that are known. */
  events(): string;
  setOutputs(outputs: readonly Output[] | undefined): void;
  failed(message: string): void;
  /** Answers null when nobody does. */
  ask(question: Question): Promise<string | null>;
}

const tokenQuestion = (again: boolean): Question => ({
  title: 'The server wants a token',
  text: `${again ? 'That one was not accepted. ' : ''}It is kept in this tab until you close it.`,
  label: 'Token',
  accept: 'Continue',
  secret: true,
});
const reasonQuestion = (task: string): Question => ({
  title: `Skip task ${lastPart(task)}?`,
  text: 'It is not run, and whatever waits for it goes on as if it were done.',
  label: 'Reason',
  accept: 'Skip it',
});

const addressKey = 'rollout';
const newest = (events: string) => {
  const last = events.trimEnd().split('\n').pop()!;
  return last && String((JSON.parse(last) as {sequence: number}).sequence);
};

export class LiveRollout {
  /** Null when this page comes from elsewhere: then nothing is asked of anybody. */
  readonly server: Server | null;
  /** Of the rollout that is shown, or "". */
  name = '';
  connection: Connection | null = null;
  /** Those of the server, newest first; null before they were asked for. */
  list: {rollouts: RolloutEntry[]; more: boolean} | null = null;

  #opening = '';
  #acting = false;
  /** Whether they are being read, and whether they changed meanwhile. */
  #outputs = {reading: false, stale: false};

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly follower: Follower,
    private readonly page: Page,
  ) {
    const base = serverMeta();
    this.server = base ? new Server(base, (again) => page.ask(tokenQuestion(again))) : null;
  }

  /** Lists anew what the server has. */
  async refresh() {
    await this.#attempt(async (server) => {
      this.list = await server.rollouts();
      this.host.requestUpdate();
    });
  }

  async open(name: string) {
    if (!isRolloutName(name))
      return this.page.failed(`"${name}" is no rollout: choose one under Rollouts.`);
    this.#opening = name;
    await this.#attempt(async (server) => {
      const workspace = readExport(await server.exported(name));
      if (this.#opening !== name) return;
      if (!workspace) throw new Error(`The server's export of ${name} could not be read.`);
      this.page.open(workspace);
      this.name = name;
      setAddress(name);
      this.#follow(server, workspace.events ?? '');
    });
  }

  /** What is shown from now on is none of the server's. */
  leave() {
    this.#opening = '';
    if (!this.name) return;
    this.name = '';
    this.follower.stop();
    this.#show(null);
    setAddress(null);
  }

  async act({what, task, attempt}: TaskRequest) {
    const {name} = this;
    if (this.#acting || !name) return;
    this.#acting = true;
    // The core knows the rollout's name only once an event has it.
    const full = name + task.slice(task.indexOf('/stages/'));
    await this.#attempt(async (server) => {
      if (what === 'run') await server.run(full);
      else if (what === 'cancel') await server.cancel(full, attempt);
      else {
        const reason = await this.page.ask(reasonQuestion(task));
        if (reason === null) return;
        await server.skip(full, reason);
      }
      // A rollout that had ended may go on.
      if (this.name === name && this.connection === 'closed')
        this.#follow(server, this.page.events());
    });
    this.#acting = false;
  }

  #follow(server: Server, events: string) {
    const {name} = this;
    this.#show('live');
    void this.follower.followStream(name, events, (signal) =>
      this.#events(server, newest(events), signal),
    );
  }

  async *#events(server: Server, after: string, signal: AbortSignal) {
    const {name} = this;
    const connected = (is: boolean) => {
      if (!signal.aborted) this.#show(is ? 'live' : 'lost');
    };
    try {
      for await (const lines of rolloutEvents(server, name, after, connected, signal)) {
        yield lines;
        if (/"outcome":\s*"failed"/.test(lines)) void this.#readOutputs(server);
      }
      if (!signal.aborted) void this.#readOutputs(server);
    } finally {
      if (!signal.aborted) this.#show('closed');
    }
  }

  /** What clients wrote, of runs that have ended, is in the export alone. */
  async #readOutputs(server: Server) {
    this.#outputs.stale = true;
    if (this.#outputs.reading) return;
    this.#outputs.reading = true;
    try {
      while (this.#outputs.stale && this.name) {
        this.#outputs.stale = false;
        const {name} = this;
        const outputs = readExport(await server.exported(name))?.outputs;
        if (this.name === name) this.page.setOutputs(outputs);
      }
    } catch {
      // The events tell what happened; the stream says when the server is gone.
    } finally {
      this.#outputs.reading = false;
    }
  }

  async #attempt(act: (server: Server) => Promise<void>) {
    try {
      if (!this.server)
        throw new Error(
          'This page does not come from a Lockstep server: `lockstep serve` has one.',
        );
      await act(this.server);
    } catch (error) {
      const {message} = error as Error;
      this.page.failed(
        error instanceof TypeError ? `The server cannot be reached: ${message}` : message,
      );
    }
  }

  #show(connection: Connection | null) {
    if (this.connection === connection) return;
    this.connection = connection;
    this.host.requestUpdate();
  }
}

/** The rollout that an address names; null when it names none. */
export const rolloutOfAddress = (query: URLSearchParams) => query.get(addressKey);

function setAddress(rollout: string | null) {
  const url = new URL(location.href);
  url.search = rollout ? `?${addressKey}=${pathOf(rollout)}` : '';
  history.replaceState(null, '', url);
}
