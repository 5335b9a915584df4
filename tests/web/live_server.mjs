// What `lockstep serve` is to the page: its files with the mark of the server in them, and one rollout
// whose events are told when the test says so. Remembers what it is asked.

import {readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {extname, join} from 'node:path';

import {dist} from './site.mjs';

const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const mark = '<meta name="lockstep-server" content="/v1"></head>';

export class LiveServer {
  /** What was asked of the API, in order: {method, path, lastEventId, authorization, body}. */
  asked = [];
  /** Wanted of every request, when there is one. */
  token = null;
  /** Instead of the next answer to a POST: {status, body}. */
  refusal = null;
  /** As a proxy answers while the server behind it is away. */
  away = false;
  /** How many events have happened. */
  told = 0;

  #streams = new Set();
  #ended = false;

  /** @param exported as `lockstep rollout export` writes it. */
  static async start(exported, port = 0) {
    const server = new LiveServer();
    server.exported = exported;
    server.http = createServer((request, response) => void server.#answer(request, response));
    await new Promise((resolve) => server.http.listen(port, '127.0.0.1', resolve));
    return server;
  }

  get url() {
    return `http://127.0.0.1:${this.http.address().port}`;
  }
  get posts() {
    return this.asked.filter(({method}) => method === 'POST').map(({path, body}) => ({path, body}));
  }
  get streamed() {
    return this.asked.filter(({path}) => path.endsWith('/events'));
  }

  /** So many events have happened by now; those who follow hear of the new ones. */
  tell(count) {
    const fresh = this.exported.events.slice(this.told, count);
    this.told = count;
    for (const stream of this.#streams) stream.write(this.#text(fresh));
  }
  end() {
    this.#ended = true;
    for (const stream of this.#streams) stream.end('event: end\ndata:\n\n');
  }
  /** Cuts the connections of those who follow, in the middle of an event. */
  drop() {
    for (const stream of this.#streams) {
      stream.write('id: 999\ndata: {"sequ');
      stream.destroy();
    }
    this.#streams.clear();
  }
  close() {
    this.http.closeAllConnections();
    this.http.close();
  }

  #text(events) {
    return events.map((event) => `id: ${event.sequence}\r\ndata: ${JSON.stringify(event)}\r\n\r\n`).join('');
  }

  async #answer(request, response) {
    const path = new URL(request.url, 'http://x').pathname;
    if (!path.startsWith('/v1/')) return this.#file(path === '/' ? '/index.html' : path, response);
    let body = '';
    for await (const piece of request) body += piece;
    const {authorization, 'last-event-id': lastEventId, accept} = request.headers;
    const {method} = request;
    this.asked.push({method, path: request.url, lastEventId, authorization, body: body && JSON.parse(body)});
    const json = (value, status = 200) => {
      response.writeHead(status, {'Content-Type': 'application/json'}).end(JSON.stringify(value));
    };
    if (this.away) return response.writeHead(502, {'Content-Type': 'text/html'}).end('<h1>Bad gateway</h1>');
    if (this.token && authorization !== `Bearer ${this.token}`)
      return json({code: 16, message: 'a token is needed', details: []}, 401);
    if (method === 'POST') {
      const {refusal} = this;
      this.refusal = null;
      return refusal ? json(refusal.body, refusal.status) : json({});
    }
    const {rollout} = this.exported;
    if (path === '/v1/projects/-/rollouts') {
      const status = this.#ended ? 'DONE' : 'RUNNING';
      const createTime = '2026-11-28T10:00:00Z';
      return json({rollouts: [{name: rollout, title: 'Departments', createTime, status}], nextPageToken: ''});
    }
    if (path === `/v1/${rollout}:export`) return json(this.#export());
    if (path === `/v1/${rollout}/events` && accept === 'text/event-stream') return this.#stream(lastEventId, response);
    json({code: 5, message: `${path.slice(4)} was not found`, details: []}, 404);
  }

  /** Outputs are there as soon as their runs have ended. */
  #export() {
    const events = this.exported.events.slice(0, this.told);
    const ended = events.filter(({type}) => type === 'task_run_ended').map(({task, attempt}) => `${task}/taskRuns/${attempt}`);
    const outputs = this.exported.outputs.filter(({taskRun}) => ended.includes(taskRun));
    return {...this.exported, events, outputs};
  }

  #stream(after = '0', response) {
    response.writeHead(200, {'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store'});
    response.write(': hello\n\n');
    response.write(this.#text(this.exported.events.slice(0, this.told).filter(({sequence}) => sequence > Number(after))));
    if (this.#ended) return response.end('event: end\ndata:\n\n');
    this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
  }

  #file(path, response) {
    if (path === '/favicon.ico') return response.writeHead(204).end();  // browsers ask by themselves
    let content;
    try {
      content = readFileSync(join(dist, path));
    } catch {
      return response.writeHead(404).end();
    }
    if (path === '/index.html') content = content.toString().replace('</head>', mark);
    response.writeHead(200, {'Content-Type': types[extname(path)] ?? 'application/octet-stream'}).end(content);
  }
}
