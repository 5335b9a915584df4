// The way back to documents that others took the place of.
import {nothing, type ReactiveController, type ReactiveControllerHost} from 'lit';

import {isOffered} from './examples.js';
import {fileName} from './files.js';
import {count} from './format.js';
import {keepApart} from './storage.js';
import {notice} from './views/notice.js';
import {findDoc, type Workspace} from './workspace.js';

export class WayBack implements ReactiveController {
  #left: {workspace: Workspace; text: string} | null = null;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly open: (workspace: Workspace) => void,
  ) {
    host.addController(this);
  }

  hostDisconnected() {
    this.#left = null;
  }

  /** `next` takes the place of this one. */
  leave(workspace: Workspace, next: Workspace) {
    if (isOffered(workspace)) return;
    keepApart();
    const [first, ...others] = workspace.docs.filter((doc) => !next.docs.includes(doc));
    const more = others.length ? ` and ${count(others.length, 'other document')} were` : ' was';
    this.#left = {workspace, text: `${fileName(first)}${more} replaced.`};
  }

  /** Documents that stay are edited, which can be undone in their tabs; those that go can not. */
  change(workspace: Workspace, next: Workspace) {
    if (workspace.docs.some(({name}) => !findDoc(next, name))) this.leave(workspace, next);
  }

  render() {
    if (!this.#left) return nothing;
    const {workspace, text} = this.#left;
    const undo = () => {
      this.#dismiss();
      this.open(workspace);
    };
    return notice({text, undo, dismiss: this.#dismiss});
  }

  #dismiss = () => {
    this.#left = null;
    this.host.requestUpdate();
  };
}
