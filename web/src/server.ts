// The server that this page comes from, when that is `lockstep serve`: its REST API.

/** Where its API begins, as that server writes it into the page; undefined on other sites. */
export const serverMeta = () =>
  document.querySelector<HTMLMetaElement>('meta[name="lockstep-server"]')?.content;

export interface RolloutEntry {
  readonly name: string;
  readonly title: string;
  readonly createTime: string;
  readonly status: string;
}

/** What the server answered instead of what was wanted. */
export class ServerError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export const isRolloutName = (name: string) =>
  /^projects\/[^/]+\/rollouts\/[^/]+$/.test(name) && !/\/\.{1,2}(\/|$)/.test(name);

/** A name as part of an address: "projects/p/rollouts/101". */
export const pathOf = (name: string) => name.split('/').map(encodeURIComponent).join('/');

const stageOf = (task: string) => task.slice(0, task.lastIndexOf('/tasks/'));

export class Server {
  #token = restoreToken();
  #asking: Promise<string | null> | null = null;

  /** @param askForToken answers null when nobody gives one. */
  constructor(
    private readonly base: string,
    private readonly askForToken: (again: boolean) => Promise<string | null>,
  ) {}

  /** Newest first; `more` tells that there are older ones. */
  async rollouts(): Promise<{rollouts: RolloutEntry[]; more: boolean}> {
    const answer = await this.#send('/projects/-/rollouts?pageSize=100');
    const {rollouts = [], nextPageToken = ''} = await answer.json();
    return {rollouts, more: nextPageToken !== ''};
  }

  /** As `lockstep rollout export` writes it. */
  async exported(rollout: string): Promise<string> {
    return (await this.#send(`/${pathOf(rollout)}:export`)).text();
  }

  /** Server-sent events behind the one with that sequence number; "" for all. */
  async events(rollout: string, after: string, signal: AbortSignal) {
    const headers: Record<string, string> = {Accept: 'text/event-stream'};
    if (after) headers['Last-Event-ID'] = after;
    const {body} = await this.#send(`/${pathOf(rollout)}/events`, {headers, signal});
    return body!;
  }

  run(task: string) {
    return this.#post(`${stageOf(task)}/tasks:batchRun`, {tasks: [task]});
  }
  skip(task: string, reason: string) {
    return this.#post(`${stageOf(task)}/tasks:batchSkip`, {tasks: [task], reason});
  }
  cancel(task: string, attempt: number) {
    const taskRuns = [`${task}/taskRuns/${attempt}`];
    return this.#post(`${stageOf(task)}/tasks/-/taskRuns:batchCancel`, {taskRuns});
  }

  async #post(method: string, body: unknown) {
    await this.#send(`/${method}`, {
      method: 'POST',
      headers: {'Content-Type': 'application/json'},
      body: JSON.stringify(body),
    });
  }

  async #send(path: string, init: RequestInit = {}): Promise<Response> {
    for (;;) {
      const token = this.#token;
      const headers = {...init.headers, ...(token && {Authorization: `Bearer ${token}`})};
      const response = await fetch(this.base + path, {...init, headers, cache: 'no-store'});
      if (response.ok) return response;
      if (response.status !== 401) throw await errorOf(response);
      if (!(await this.#anotherToken(token)))
        throw new ServerError(401, 'The server answers only those who have its token.');
    }
  }

  /** Whether there is one that was not tried yet. Several requests ask once. */
  async #anotherToken(tried: string) {
    if (this.#token !== tried) return true;
    this.#asking ??= this.askForToken(tried !== '').finally(() => (this.#asking = null));
    const token = await this.#asking;
    if (!token) return false;
    this.#token = token;
    keepToken(token);
    return true;
  }
}

/** In the server's words, where it has any: a proxy before it may answer with a page. */
async function errorOf(response: Response) {
  const {message} = await response.json().catch(() => ({}));
  return new ServerError(
    response.status,
    typeof message === 'string' && message ? message : `The server answered ${response.status}.`,
  );
}

// For this tab alone, and until it is closed.
const key = 'lockstep-token';

function restoreToken() {
  try {
    return sessionStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}
function keepToken(token: string) {
  try {
    sessionStorage.setItem(key, token);
  } catch {
    // Then it is asked for again after a reload.
  }
}
