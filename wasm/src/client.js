// The API that people call: requests become messages, answers become objects, and whoever no longer
// waits for an answer does not hold up the next.

import {LockstepError} from './engine.js';

export {LockstepError};

const decoder = new TextDecoder();
const texts = ['plan', 'inventory', 'scenario', 'events', 'sheet'];
const columnTypes = {int32: Int32Array, uint8: Uint8Array, float64: Float64Array};

/** The parts of a message: documents travel beside the JSON, so that nobody escapes them. */
function encode(request) {
  const parts = [''];
  const attach = (text) => ({attachment: parts.push(text) - 2});
  const attachDocuments = (documents) => {
    const attached = {...documents};
    for (const name of texts) {
      if (attached[name] !== undefined && attached[name] !== null) attached[name] = attach(attached[name]);
    }
    for (const list of ['sheets', 'files']) {
      if (!attached[list]) continue;
      attached[list] = {};
      for (const [name, text] of Object.entries(documents[list])) attached[list][name] = attach(text);
    }
    return attached;
  };
  const json = attachDocuments(request);
  if (json.other) json.other = attachDocuments(json.other);
  if (json.options?.now instanceof Date) {
    json.options = {...json.options, now: json.options.now.toISOString()};
  }
  parts[0] = JSON.stringify(json);
  return parts;
}

function decode([json, ...attachments]) {
  const answer = JSON.parse(decoder.decode(json));
  if (answer.error && answer.diagnostics === undefined) throw new TypeError(answer.error.message);
  const {timeline} = answer;
  const text = ({attachment}) => decoder.decode(attachments[attachment]);
  for (const name of ['drawing', 'plan', 'inventory', 'scenario', 'text']) {
    if (answer[name]) answer[name] = text(answer[name]);
  }
  for (const texts of [answer.sheets ?? {}, answer.texts ?? {}]) {
    for (const name of Object.keys(texts)) texts[name] &&= text(texts[name]);
  }
  if (!timeline) return answer;
  const column = ({attachment, type}) => new columnTypes[type](attachments[attachment].buffer);
  for (const table of [timeline.tasks, timeline.lanes, timeline.dependencies, timeline.waits]) {
    for (const [name, {attachment}] of Object.entries(table)) {
      if (attachment !== undefined) table[name] = column(table[name]);
    }
  }
  timeline.criticalPath = column(timeline.criticalPath);
  return answer;
}

const aborted = (signal) => signal?.reason ?? new DOMException('superseded', 'AbortError');

export class Lockstep {
  #transport;
  #queue = [];
  #current = null;
  #closed = false;

  /** @param transport {call(method, parts, transfer): Promise<Uint8Array[]>, close()} */
  constructor(transport) {
    this.#transport = transport;
  }

  validate(request, options) {
    return this.#call('validate', request, options);
  }
  expand(request, options) {
    return this.#call('expand', request, options);
  }
  simulate(request, options) {
    return this.#call('simulate', request, options);
  }
  study(request, options) {
    return this.#call('study', request, options);
  }
  timeline(request, options) {
    return this.#call('timeline', request, options);
  }
  replay(request, options) {
    return this.#call('replay', request, options);
  }
  render(request, options) {
    return this.#call('render', request, options);
  }
  diff(request, options) {
    return this.#call('diff', request, options);
  }
  outline(request, options) {
    return this.#call('outline', request, options);
  }
  statements(request, options) {
    return this.#call('statements', request, options);
  }
  convert(request, options) {
    return this.#call('convert', request, options);
  }
  import(request, options) {
    return this.#call('import', request, options);
  }
  semantics(request, options) {
    return this.#call('semantics', request, options);
  }
  compare(request, options) {
    return this.#call('compare', request, options);
  }
  learn(request, options) {
    return this.#call('learn', request, options);
  }
  async rules() {
    return (await this.#call('rules', {})).rules;
  }
  async version() {
    return (await this.#call('version', {})).version;
  }

  close() {
    this.#closed = true;
    for (const job of this.#queue.splice(0)) job.reject(new DOMException('closed', 'AbortError'));
    this.#current?.reject(new DOMException('closed', 'AbortError'));
    this.#transport.close();
  }

  #call(method, request, {signal, channel, transfer = false} = {}) {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new DOMException('closed', 'AbortError');
      signal?.throwIfAborted();
      if (channel !== undefined) this.#supersede(channel);
      const job = {method, request, channel, transfer, resolve, reject, dropped: false};
      signal?.addEventListener('abort', () => this.#drop(job, signal), {once: true});
      this.#queue.push(job);
      this.#next();
    });
  }

  #supersede(channel) {
    for (const job of [this.#current, ...this.#queue]) {
      if (job?.channel === channel) this.#drop(job);
    }
  }

  /** What waits is not begun; what is under way ends unheard. */
  #drop(job, signal) {
    job.reject(aborted(signal));
    this.#queue = this.#queue.filter((other) => other !== job);
  }

  async #next() {
    if (this.#current || this.#queue.length === 0) return;
    const job = (this.#current = this.#queue.shift());
    try {
      const parts = encode(job.request);
      job.resolve(decode(await this.#transport.call(job.method, parts, job.transfer)));
    } catch (error) {
      job.reject(error);
    } finally {
      this.#current = null;
      if (!this.#closed) this.#next();
    }
  }
}
