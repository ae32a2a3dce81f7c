// Proposals on their way into the notebook: shown first, written only when the user says so, taken back on request.

import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import { insertBelow, sourceOf, write } from './cells';
import type { Conversation } from './conversation';
import type { Change, Delivery } from './drawing';
import { changed, type State } from './model';

export class Changes {
  constructor(
    readonly talk: Conversation,
    private readonly notebook: NotebookPanel | null,
    private readonly trans: TranslationBundle,
    private readonly say: (text: string) => void
  ) {}

  /** The cell that the shown review is about, where it is still there. */
  cell(): Cell | null {
    const id = this.talk.state.reviewed?.cellId;
    return this.notebook?.content.widgets.find(cell => cell.model.id === id) ?? null;
  }

  /** Put a proposal below the reviewed cell, or below the active one where that is gone. */
  insert(number: number, delivery = this.talk.state.delivery): void {
    const change = changeIn(delivery, number);
    if (change && this.notebook) {
      const text = change.language === 'sql' ? `%%backend\n${change.after.trim()}` : change.after;
      insertBelow(this.notebook, this.talk.state.reviewed?.cellId ?? null, text);
      this.say(this.trans.__('Inserted below; your own cell is as it was.'));
    }
  }

  /** Show what a proposal would change in the reviewed cell as it is now; nothing is written yet. */
  preview(number: number, delivery = this.talk.state.delivery): void {
    const { trans } = this;
    const change = changeIn(delivery, number);
    const cell = this.cell();
    if (!change || !cell) {
      this.refuse(trans.__('The reviewed cell is not in this notebook any more.'), trans.__('Use “Insert below”.'));
      return;
    }
    const text = sourceOf(cell);
    const after = changed(text, change.before, change.after);
    if (after === null) {
      this.refuse(
        trans.__('What would be replaced does not stand in the cell exactly once.'),
        trans.__('The cell has changed since, or the proposal adds something: use “Insert below”.')
      );
      return;
    }
    const pending = { number, title: change.title, before: text, after, cellId: cell.model.id, text, language: change.language };
    this.talk.set({ ...this.talk.state, failure: null, notice: '', done: null, pending });
  }

  /** Show the fix of a finding, with the review that it is of, whatever has been looked at since. */
  fix(number: number, delivery: Delivery, reviewed: State['reviewed']): void {
    const { state } = this.talk;
    if (state.delivery !== delivery || state.reviewed !== reviewed) {
      this.talk.set({ ...state, delivery, reviewed, answers: [], pending: null, done: null });
    }
    this.preview(number, delivery);
  }

  accept(): void {
    const { pending } = this.talk.state;
    const cell = this.cell();
    if (!pending || !cell) {
      return;
    }
    const state = { ...this.talk.state, pending: null };
    if (sourceOf(cell) !== pending.text) {
      this.talk.set(state);
      this.refuse(
        this.trans.__('The cell has changed while the difference was shown.'),
        this.trans.__('Nothing was replaced; show the change again.')
      );
      return;
    }
    write(cell, pending.after);
    this.talk.set({ ...state, done: { cellId: pending.cellId, before: pending.text, after: pending.after } });
    this.say(this.trans.__('Replaced. Undo takes it back.'));
  }

  cancel(): void {
    this.talk.set({ ...this.talk.state, pending: null });
  }

  undo(): void {
    const { done } = this.talk.state;
    const cell = this.cell();
    if (!done || !cell) {
      return;
    }
    if (sourceOf(cell) !== done.after) {
      this.refuse(this.trans.__('The cell has changed since.'), this.trans.__('Undo in the cell itself, with its own history.'));
      return;
    }
    write(cell, done.before);
    this.talk.set({ ...this.talk.state, done: null });
    this.say(this.trans.__('The cell is as it was.'));
  }

  private refuse(what: string, remedy: string): void {
    this.talk.set({ ...this.talk.state, failure: { what, remedy } });
    this.say(what);
  }
}

function changeIn(delivery: Delivery | null, number: number): Change | undefined {
  return delivery?.changes.find(each => each.number === number);
}
