// The sidebar: it follows the notebook and its kernel, asks, and shows what comes. All it knows is in one State.

import type { Cell } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import { insertBelow, mark, sourceOf, write } from './cells';
import { Channel, ChannelError, type Told } from './channel';
import type { Offer } from './drawing';
import { button, drawFailure, drawForm, drawPending, drawToolbar, type FormValues } from './controls';
import { EMPTY, changed, heard, started, withPhase, type State } from './model';
import { drawReview, element } from './view';

export interface Wishes {
  level: 'junior' | 'senior';
  analyze: 'as the database says' | 'always' | 'never';
}

export class MentorPanel extends Widget {
  /** Tells the status bar of a new state. */
  readonly changed = new Signal<this, void>(this);
  wishes: Wishes = { level: 'senior', analyze: 'as the database says' };
  private state: State = EMPTY;
  private channel: Channel | null = null;
  private notebook: NotebookPanel | null = null;
  private kernel: Kernel.IKernelConnection | null = null;
  private clock = 0;
  private isFormOpen = false;
  private readonly announcer = element('div', 'bm-announce');
  private readonly top = element('div', 'bm-top');
  private readonly body = element('div', 'bm-body');

  constructor(
    private readonly tracker: INotebookTracker,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.id = 'backend-mentor-panel';
    this.addClass('bm-panel');
    this.announcer.setAttribute('aria-live', 'polite');
    this.node.append(this.announcer, this.top, this.body);
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Backend Mentor'));
    tracker.currentChanged.connect(this.follow, this);
    tracker.activeCellChanged.connect(this.redrawTop, this);
    this.follow();
  }

  get current(): State {
    return this.state;
  }

  /** Review a cell, the active one unless another is given; hints only where `hint` is true. */
  async review(options: { hint?: boolean; analyze?: boolean } = {}): Promise<void> {
    const cell = this.tracker.activeCell;
    const notebook = this.tracker.currentWidget;
    if (!cell || !notebook) {
      return;
    }
    const text = sourceOf(cell);
    if (!text.trim()) {
      this.set({ ...this.state, failure: { what: this.trans.__('The cell is empty.'), remedy: this.trans.__('Write a query, endpoint code or a request in it.') } });
      return;
    }
    const asked = { text, name: `cell ${notebook.content.activeCellIndex + 1}`, level: this.wishes.level, hint: options.hint === true, analyze: this.analyze(options.analyze) };
    const begun = await this.begin('review', asked, this.trans.__('Reviewing'));
    if (begun) {
      this.state = { ...this.state, reviewed: { cellId: cell.model.id, text } };
    }
  }

  async connect(values: FormValues): Promise<void> {
    await this.begin('connect', { target: values.target, alias: values.alias }, this.trans.__('Connecting'));
  }

  async test(values: FormValues): Promise<void> {
    await this.begin('test', { target: values.target }, this.trans.__('Trying the connection'));
  }

  async stop(): Promise<void> {
    if (this.state.ask) {
      await this.channel?.ask('stop', { of: this.state.ask });
    }
  }

  /** Put a proposal below the reviewed cell, or below the active one where that is gone. */
  insert(number: number): void {
    const change = this.state.delivery?.changes.find(each => each.number === number);
    if (change && this.notebook) {
      insertBelow(this.notebook, this.state.reviewed?.cellId ?? null, change.language === 'sql' ? `%%backend\n${change.after.trim()}` : change.after);
      this.say(this.trans.__('Inserted below; your own cell is as it was.'));
    }
  }

  /** Show what a proposal would change in the reviewed cell as it is now; nothing is written yet. */
  preview(number: number): void {
    const change = this.state.delivery?.changes.find(each => each.number === number);
    const cell = this.reviewedCell();
    if (!change || !cell || !this.state.reviewed) {
      this.refuse(this.trans.__('The reviewed cell is not in this notebook any more.'), this.trans.__('Use “Insert below”.'));
      return;
    }
    const text = sourceOf(cell);
    const after = changed(text, change.before, change.after);
    if (after === null) {
      this.refuse(this.trans.__('What would be replaced does not stand in the cell exactly once.'), this.trans.__('The cell has changed since, or the proposal adds something: use “Insert below”.'));
      return;
    }
    this.set({ ...this.state, failure: null, done: null, pending: { number, title: change.title, before: text, after, cellId: cell.model.id, text } });
    this.top.querySelector<HTMLElement>('.bm-pending button')?.focus();
  }

  private accept(): void {
    const { pending } = this.state;
    const cell = this.reviewedCell();
    if (!pending || !cell) {
      return;
    }
    if (sourceOf(cell) !== pending.text) {
      this.set({ ...this.state, pending: null });
      this.refuse(this.trans.__('The cell has changed while the difference was shown.'), this.trans.__('Nothing was replaced; show the change again.'));
      return;
    }
    write(cell, pending.after);
    this.set({ ...this.state, pending: null, done: { cellId: pending.cellId, before: pending.text, after: pending.after } });
    this.say(this.trans.__('Replaced. Undo takes it back.'));
  }

  private undo(): void {
    const { done } = this.state;
    const cell = this.reviewedCell();
    if (!done || !cell) {
      return;
    }
    if (sourceOf(cell) !== done.after) {
      this.refuse(this.trans.__('The cell has changed since.'), this.trans.__('Undo in the cell itself, with its own history.'));
      return;
    }
    write(cell, done.before);
    this.set({ ...this.state, done: null });
    this.say(this.trans.__('The cell is as it was.'));
  }

  private async begin(kind: string, fields: Record<string, string | number | boolean | null>, what: string): Promise<boolean> {
    if (this.state.ask) {
      return false;
    }
    if (!this.channel) {
      await this.open();
    }
    const { channel } = this;
    if (!channel) {
      return false;
    }
    try {
      // The events of what is started may come before the answer that names it.
      const early: Told[] = [];
      this.early = early;
      const told = await channel.ask(kind, fields);
      this.early = null;
      if (told.failed) {
        this.set({ ...this.state, failure: told.failed });
        return false;
      }
      this.set(started(this.state, told.ask, what));
      this.startClock();
      early.forEach(event => this.hear(event));
      return true;
    } catch (error) {
      this.early = null;
      this.fail(error);
      return false;
    }
  }

  private early: Told[] | null = null;

  private hear(told: Told): void {
    if (this.early) {
      this.early.push(told);
      return;
    }
    const before = this.state;
    const next = heard(before, told);
    if (next === before) {
      return;
    }
    this.set(next);
    if (told.event !== 'progress') {
      this.stopClock();
      this.finish(told);
    }
  }

  private finish(told: Told): void {
    if (told.connected || told.works) {
      this.isFormOpen = told.works ? this.isFormOpen : false;
      this.redrawTop();
    }
    if (told.delivery) {
      const cell = this.reviewedCell();
      if (cell && sourceOf(cell) === this.state.reviewed?.text) {
        mark(cell, told.delivery.marks);
      }
      this.body.scrollTop = 0;
      this.say(`${this.trans.__('Review finished.')} ${told.delivery.conclusion}`);
    } else if (told.failed) {
      this.say(told.failed.what);
    } else if (this.state.notice) {
      this.say(this.state.notice);
    }
  }

  private follow(): void {
    const next = this.tracker.currentWidget;
    if (next === this.notebook) {
      return;
    }
    this.notebook?.sessionContext.kernelChanged.disconnect(this.onKernel, this);
    this.notebook?.sessionContext.statusChanged.disconnect(this.onStatus, this);
    this.notebook = next;
    this.state = EMPTY;
    next?.sessionContext.kernelChanged.connect(this.onKernel, this);
    next?.sessionContext.statusChanged.connect(this.onStatus, this);
    this.onKernel();
  }

  private onKernel(): void {
    this.kernel = this.notebook?.sessionContext.session?.kernel ?? null;
    this.drop();
    this.set(withPhase(this.state, !this.notebook ? 'no notebook' : this.kernel ? 'connecting' : 'no kernel'));
    if (this.kernel && this.isVisible) {
      void this.open();
    }
  }

  private onStatus(_: unknown, status: Kernel.Status): void {
    if (status === 'restarting' || status === 'autorestarting') {
      this.drop();
      this.set(withPhase(this.state, 'restarting'));
    } else if (this.state.phase === 'restarting' && (status === 'idle' || status === 'busy')) {
      void this.open();
    } else if (status === 'dead') {
      this.drop();
      this.set(withPhase(this.state, 'no kernel'));
    }
  }

  private opening: Promise<void> | null = null;

  private open(): Promise<void> {
    this.opening ??= this.openOnce().finally(() => {
      this.opening = null;
    });
    return this.opening;
  }

  private async openOnce(): Promise<void> {
    const { kernel } = this;
    if (!kernel) {
      return;
    }
    this.drop();
    this.set(withPhase(this.state, 'connecting'));
    const channel = new Channel(
      kernel,
      told => this.hear(told),
      () => {
        if (this.channel === channel) {
          this.channel = null;
          this.set(withPhase(this.state, 'unreachable', { what: this.trans.__('The kernel closed the connection.'), remedy: this.trans.__('Press Connect again.') }));
        }
      }
    );
    try {
      const told = await channel.open();
      if (this.kernel !== kernel) {
        channel.close();
        return;
      }
      this.channel = channel;
      this.set({ ...withPhase(this.state, 'ready'), connections: told.connections ?? [] });
    } catch (error) {
      channel.close();
      if (this.kernel === kernel) {
        this.fail(error);
      }
    }
  }

  private fail(error: unknown): void {
    const failure = error instanceof ChannelError ? { what: error.what, remedy: error.remedy } : { what: String(error), remedy: this.trans.__('Press Connect again.') };
    this.set(this.channel ? { ...this.state, phase: 'ready', failure } : withPhase(this.state, 'unreachable', failure));
  }

  private refuse(what: string, remedy: string): void {
    this.set({ ...this.state, failure: { what, remedy } });
    this.say(what);
  }

  private drop(): void {
    this.stopClock();
    this.channel?.close();
    this.channel = null;
  }

  private analyze(wish?: boolean): boolean | null {
    if (wish !== undefined) {
      return wish;
    }
    return this.wishes.analyze === 'always' ? true : this.wishes.analyze === 'never' ? false : null;
  }

  private reviewedCell(): Cell | null {
    const id = this.state.reviewed?.cellId;
    return this.notebook?.content.widgets.find(cell => cell.model.id === id) ?? null;
  }

  private startClock(): void {
    this.stopClock();
    const began = Date.now();
    this.clock = window.setInterval(() => {
      this.state = { ...this.state, seconds: (Date.now() - began) / 1000 };
      const shown = this.top.querySelector('.bm-elapsed');
      if (shown) {
        shown.textContent = `${Math.floor(this.state.seconds)} s`;
      }
    }, 500);
  }

  private stopClock(): void {
    window.clearInterval(this.clock);
  }

  private say(text: string): void {
    this.announcer.textContent = text;
  }

  private set(next: State): void {
    const { state } = this;
    this.state = next;
    this.redrawTop();
    if (next.delivery !== state.delivery || next.phase !== state.phase || !this.body.firstChild) {
      this.redrawBody();
    }
    this.changed.emit();
  }

  private redrawTop(): void {
    const { state, trans } = this;
    const focused = document.activeElement instanceof HTMLElement && this.top.contains(document.activeElement) ? document.activeElement.dataset['key'] : undefined;
    const values = this.isFormOpen ? this.formValues() : null;
    const parts: (HTMLElement | null)[] = [
      drawToolbar(state, trans, {
        review: () => void this.review(),
        hint: () => void this.review({ hint: true }),
        stop: () => void this.stop(),
        reconnect: () => void this.open(),
        use: alias => void this.connect({ target: alias, alias: '' }),
        toggleForm: () => {
          this.isFormOpen = !this.isFormOpen;
          this.redrawTop();
          this.top.querySelector<HTMLElement>('.bm-form input')?.focus();
        }
      }, this.isFormOpen),
      this.isFormOpen ? drawForm(trans, values, { connect: each => void this.connect(each), test: each => void this.test(each) }) : null,
      state.failure ? drawFailure(state.failure) : null,
      state.notice ? element('p', 'bm-notice', state.notice) : null,
      state.pending ? drawPending(state.pending, trans, () => this.accept(), () => this.set({ ...this.state, pending: null })) : null,
      state.done ? element('div', 'bm-done', element('span', '', trans.__('Replaced.')), button(trans.__('Undo'), 'undo', () => this.undo())) : null
    ];
    this.top.replaceChildren(...parts.filter((part): part is HTMLElement => part !== null));
    if (focused) {
      this.top.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    }
  }

  private formValues(): FormValues | null {
    const read = (name: string): string => this.top.querySelector<HTMLInputElement>(`.bm-form [name=${name}]`)?.value ?? '';
    return this.top.querySelector('.bm-form') ? { target: read('target'), alias: read('alias') } : null;
  }

  private redrawBody(): void {
    const { delivery } = this.state;
    if (!delivery) {
      this.body.replaceChildren(this.welcome());
      return;
    }
    if (!delivery.drawing) {
      this.body.replaceChildren(element('p', 'bm-p', delivery.conclusion), element('p', 'bm-p', this.trans.__('The review is too large to be drawn here; run the cell with %%backend to see it.')));
      return;
    }
    this.body.replaceChildren(
      drawReview(delivery.drawing, { offer: (number, offer) => this.offerButtons(number, offer), translate: text => this.trans.__(text) })
    );
  }

  private offerButtons(number: number, offer: Offer): HTMLElement[] {
    const { trans } = this;
    const named = (made: HTMLButtonElement): HTMLButtonElement => {
      made.setAttribute('aria-label', `${made.textContent ?? ''}: ${offer.title}`);
      return made;
    };
    const copy = button(trans.__('Copy'), `copy-${number}`, () => {
      void navigator.clipboard.writeText(offer.after).then(() => this.say(trans.__('Copied.')));
    });
    const insert = button(trans.__('Insert below'), `insert-${number}`, () => this.insert(number));
    const show = offer.diff.length ? [named(button(trans.__('Show in cell'), `show-${number}`, () => this.preview(number)))] : [];
    return [...show, named(insert), named(copy)];
  }

  private welcome(): HTMLElement {
    const { phase } = this.state;
    const trans = this.trans;
    const texts: Record<State['phase'], string> = {
      'no notebook': trans.__('Open a notebook. The mentor looks at its active cell.'),
      'no kernel': trans.__('This notebook has no kernel. Choose one to have its cells reviewed.'),
      connecting: trans.__('Connecting to the kernel…'),
      restarting: trans.__('The kernel is restarting…'),
      unreachable: trans.__('The kernel can not be reached.'),
      working: trans.__('The first review of a kernel takes a moment longer.'),
      ready: trans.__('Select a cell with a SQL query, endpoint code, an EXPLAIN plan or a request in plain words, and press Review. Nothing is written to the database, and nothing leaves this machine.')
    };
    return element('p', 'bm-welcome', texts[phase]);
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    if (this.kernel && !this.channel) {
      void this.open();
    }
  }

  override dispose(): void {
    this.drop();
    Signal.clearData(this);
    super.dispose();
  }
}
