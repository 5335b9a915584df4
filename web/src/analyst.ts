// Analyst: asks the core about the documents whenever they change, and holds what it said last.
import type {Lockstep} from '@lockstep/core';
import type {ReactiveController, ReactiveControllerHost} from 'lit';

import {
  analyse,
  nothing as noAnalysis,
  outlineOf,
  pause,
  superseded,
  type Analysis,
} from './analysis.js';
import {emptyWorkspace, type Workspace} from './workspace.js';

export class Analyst implements ReactiveController {
  /** Null until it is loaded. */
  core: Lockstep | null = null;
  analysis: Analysis = noAnalysis;

  #workspace = emptyWorkspace;
  #later = 0;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly failed: (message: string) => void,
  ) {
    host.addController(this);
  }

  hostDisconnected() {
    clearTimeout(this.#later);
  }

  /** Other documents are opened: what was said is of none of them. */
  forget() {
    this.#show(noAnalysis);
  }

  async begin(core: Lockstep) {
    this.core = core;
    await this.look(this.#workspace);
  }

  /** Before the core is there, only the last documents are remembered. */
  async look(workspace: Workspace) {
    this.#workspace = workspace;
    if (!this.core) return;
    try {
      const analysis = await analyse(this.core, workspace, this.analysis);
      if (this.#workspace !== workspace) return;
      this.#show(analysis);
      clearTimeout(this.#later);
      if (analysis.outline) this.#later = window.setTimeout(() => void this.#outline(), pause);
      else await this.#outline();
    } catch (error) {
      if (superseded(error)) return;
      this.failed(`Lockstep failed, which is a mistake of its own: ${(error as Error).message}`);
    }
  }

  async #outline() {
    const workspace = this.#workspace;
    try {
      const outline = await outlineOf(this.core!, workspace);
      if (outline && this.#workspace === workspace) this.#show({...this.analysis, outline});
    } catch (error) {
      if (!superseded(error)) throw error;
    }
  }

  #show(analysis: Analysis) {
    this.analysis = analysis;
    this.host.requestUpdate();
  }
}
