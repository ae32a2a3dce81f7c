// The sidebar: it follows the notebook's active cell and draws the state of its conversation with the kernel.

import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import { mark, sourceOf } from './cells';
import { Changes } from './changes';
import type { Told } from './channel';
import { button, drawFailure, drawForm, drawHistory, drawOfferButtons, drawPending, drawToolbar, type FormValues } from './controls';
import { Conversation } from './conversation';
import type { Offer } from './drawing';
import { element } from './elements';
import { WELCOMES, type State } from './model';
import { drawReview } from './view';
import { runs, type Asked, type Part, type Wishes } from './wishes';

export class MentorPanel extends Widget {
  /** Tells the commands and the status bar of a new state. */
  readonly changed = new Signal<this, void>(this);
  wishes: Wishes = { level: 'senior', analyze: 'as the database says' };
  /** Of the notebook that is seen; each has its own, so that a review goes on while another notebook is looked at. */
  changes: Changes;
  private readonly ofNotebooks = new WeakMap<NotebookPanel, Changes>();
  private shown: State | null = null;
  private part: Part | null = null;
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
    this.changes = this.nobody();
    tracker.currentChanged.connect(this.follow, this);
    this.follow();
  }

  private get talk(): Conversation {
    return this.changes.talk;
  }

  get state(): State {
    return this.talk.state;
  }

  /** Review the active cell. */
  async review(asked: Asked = {}): Promise<void> {
    const { activeCell: cell, currentWidget: notebook } = this.tracker;
    if (!cell || !notebook) {
      return;
    }
    const text = sourceOf(cell);
    if (!text.trim()) {
      const failure = { what: this.trans.__('The cell is empty.'), remedy: this.trans.__('Write a query, endpoint code or a request in it.') };
      this.talk.set({ ...this.state, failure, notice: '' });
      return;
    }
    this.part = asked.part ?? null;
    const fields = {
      text,
      name: `cell ${notebook.content.activeCellIndex + 1}`,
      level: asked.part === 'explanation' ? 'junior' : this.wishes.level,
      hint: asked.hint === true,
      analyze: runs(asked, this.wishes)
    };
    await this.talk.begin('review', fields, this.trans.__('Reviewing'), { reviewed: { cellId: cell.model.id, text } });
  }

  stop(): Promise<void> {
    return this.talk.stop();
  }

  /** Let the keyboard go on in the sidebar. */
  enter(): void {
    this.top.querySelector<HTMLElement>('button:enabled')?.focus();
  }

  override dispose(): void {
    this.talk.dispose();
    Signal.clearData(this);
    super.dispose();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.talk.openIfClosed();
  }

  private connect(values: FormValues): void {
    void this.talk.begin('connect', { target: values.target, alias: values.alias }, this.trans.__('Connecting'));
  }

  private test(values: FormValues): void {
    void this.talk.begin('test', { target: values.target }, this.trans.__('Trying the connection'));
  }

  private finish(changes: Changes, told: Told): void {
    const { state } = changes.talk;
    const cell = changes.cell();
    if (told.delivery && cell && sourceOf(cell) === state.reviewed?.text) {
      mark(cell, told.delivery.marks);
    }
    if (changes !== this.changes) {
      return;
    }
    if (told.connected) {
      this.isFormOpen = false;
      this.redrawTop();
    }
    if (told.delivery) {
      if (told.event === 'preview' || !state.isFirstLook) {
        this.body.scrollTop = 0;
      }
      this.body.querySelector(`[data-part="${this.part}"]`)?.scrollIntoView();
      const what = told.event === 'preview' ? this.trans.__('First look, the query still runs.') : this.trans.__('Review finished.');
      this.say(`${what} ${told.delivery.conclusion}`);
    } else {
      this.say(told.failed?.what ?? state.notice);
    }
  }

  private follow(): void {
    const notebook = this.tracker.currentWidget;
    this.changes = notebook ? (this.ofNotebooks.get(notebook) ?? this.meet(notebook)) : this.nobody();
    this.isFormOpen = false;
    this.shown = null;
    if (this.isVisible) {
      this.talk.openIfClosed();
    }
    this.redraw();
  }

  private nobody(): Changes {
    return new Changes(new Conversation(this.trans), null, this.trans, text => this.say(text));
  }

  private meet(notebook: NotebookPanel): Changes {
    const talk = new Conversation(this.trans);
    const changes = new Changes(talk, notebook, this.trans, text => this.say(text));
    this.ofNotebooks.set(notebook, changes);
    const { sessionContext } = notebook;
    const attach = (): void => talk.attach(sessionContext.session?.kernel ?? null, this.isVisible && changes === this.changes);
    sessionContext.kernelChanged.connect(attach);
    sessionContext.statusChanged.connect((_, status) => talk.notice(status));
    talk.changed.connect(() => changes === this.changes && this.redraw());
    talk.told.connect((_, told) => this.finish(changes, told));
    notebook.disposed.connect(() => talk.dispose());
    attach();
    return changes;
  }

  private say(text: string): void {
    this.announcer.textContent = text;
  }

  private redraw(): void {
    const { state, shown } = this;
    if (shown && state.ask && shown.ask === state.ask && shown.stage === state.stage) {
      // Only the time goes on; whoever reads the rest, or presses Stop, is left in peace.
      this.showSeconds();
    } else {
      this.redrawTop();
    }
    if (state.delivery !== shown?.delivery || (!state.delivery && state.phase !== shown?.phase)) {
      this.redrawBody();
    }
    this.shown = state;
    this.changed.emit();
  }

  private showSeconds(): void {
    const seconds = this.top.querySelector('.bm-elapsed');
    if (seconds) {
      seconds.textContent = `${Math.floor(this.state.seconds)} s`;
    }
  }

  private redrawTop(): void {
    const { state, shown, trans, top, changes } = this;
    const focused = top.contains(document.activeElement) && document.activeElement instanceof HTMLElement ? document.activeElement.dataset['key'] : undefined;
    const values = this.formValues();
    const parts: (HTMLElement | null)[] = [
      drawToolbar(state, trans, this.isFormOpen, {
        review: asked => void this.review(asked),
        stop: () => void this.stop(),
        reconnect: () => void this.talk.open(),
        use: alias => this.connect({ target: alias, alias: '' }),
        toggleForm: () => this.toggleForm()
      }),
      this.isFormOpen ? drawForm(trans, values, { connect: each => this.connect(each), test: each => this.test(each) }) : null,
      state.failure ? drawFailure(state.failure) : null,
      state.notice ? element('p', 'bm-notice', state.notice) : null,
      state.pending ? drawPending(state.pending, trans, () => changes.accept(), () => changes.cancel()) : null,
      state.done ? element('div', 'bm-done', element('span', '', trans.__('Replaced.')), button(trans.__('Undo'), 'undo', () => changes.undo())) : null
    ];
    top.replaceChildren(...parts.filter((part): part is HTMLElement => part !== null));
    // What had the focus has it again; where it is gone, what came in its place.
    const next = shown && state.pending && !shown.pending ? 'accept' : shown && state.done && !shown.done ? 'undo' : focused;
    if (next) {
      (top.querySelector<HTMLElement>(`[data-key="${CSS.escape(next)}"]:enabled`) ?? top.querySelector<HTMLElement>('button:enabled'))?.focus();
    }
  }

  private toggleForm(): void {
    this.isFormOpen = !this.isFormOpen;
    this.redrawTop();
    this.top.querySelector<HTMLElement>('.bm-form input')?.focus();
  }

  private formValues(): FormValues {
    const read = (name: string): string => this.top.querySelector<HTMLInputElement>(`.bm-form [name=${name}]`)?.value ?? '';
    return { target: read('target'), alias: read('alias') };
  }

  private redrawBody(): void {
    const { trans } = this;
    const { delivery, phase, reviews } = this.state;
    const parts: HTMLElement[] = [];
    if (!delivery) {
      parts.push(element('p', 'bm-welcome', trans.__(WELCOMES[phase])));
    } else if (!delivery.drawing) {
      const tooLarge = trans.__('The review is too large to be drawn here; run the cell with %%backend to see it.');
      parts.push(element('p', 'bm-welcome', delivery.conclusion), element('p', 'bm-welcome', tooLarge));
    } else {
      const offer = (number: number, made: Offer): HTMLElement[] => drawOfferButtons(number, made, trans, this.changes, text => this.say(text));
      parts.push(drawReview(delivery.drawing, { offer, translate: text => trans.__(text) }));
      if (delivery.drawing.hint) {
        parts.push(element('div', 'bm-part', button(trans.__('Show the answer'), 'answer', () => void this.review())));
      }
    }
    if (reviews > 1) {
      parts.push(drawHistory(trans, () => this.talk.ask('history', {}), number => void this.showAgain(number)));
    }
    // Whoever reads the first look is not thrown back to the top by the whole review.
    const { scrollTop } = this.body;
    this.body.replaceChildren(...parts);
    this.body.scrollTop = scrollTop;
  }

  private async showAgain(number: number): Promise<void> {
    const told = await this.talk.ask('show', { number, level: this.wishes.level });
    if (told?.delivery) {
      this.talk.set({ ...this.state, delivery: told.delivery, reviewed: null, pending: null, done: null });
      this.body.scrollTop = 0;
      this.say(told.delivery.conclusion);
    }
  }
}
