// The sidebar: it follows the notebook's active cell and draws the state of its conversation with the kernel.

import type { Cell } from '@jupyterlab/cells';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { IStateDB } from '@jupyterlab/statedb';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import { AskBox } from './asking';
import { sourceOf } from './cells';
import { Changes } from './changes';
import type { Told } from './channel';
import { button, drawFailure, drawForm, drawHistory, drawOfferButtons, drawPending, drawToolbar, type FormValues } from './controls';
import { Conversation } from './conversation';
import type { Consent, Delivery, Offer } from './drawing';
import { element } from './elements';
import { pickDatabase } from './files';
import { fixable, mark } from './findings';
import { WELCOMES, currentOf, isAskable, type State } from './model';
import { drawThread } from './thread';
import { Tour } from './tour';
import { drawReview } from './view';
import { USUAL, runs, type Asked, type Part, type Wishes } from './wishes';

/** What of JupyterLab a host can lack. */
export interface Host {
  documents: IDocumentManager | null;
  memory: IStateDB | null;
  /** Bring the sidebar to the front. */
  show: () => void;
}

export class MentorPanel extends Widget {
  /** Tells the commands and the status bar of a new state. */
  readonly changed = new Signal<this, void>(this);
  readonly tour: Tour;
  private desired: Wishes = USUAL;
  /** Of the notebook that is seen; each has its own, so that a review goes on while another notebook is looked at. */
  changes: Changes;
  private readonly ofNotebooks = new WeakMap<NotebookPanel, Changes>();
  /** The last review of each cell. */
  private readonly found = new WeakMap<Cell, { delivery: Delivery; reviewed: State['reviewed'] }>();
  private shown: State | null = null;
  private part: Part | null = null;
  private isFormOpen = false;
  private readonly announcer = element('div', 'bm-announce');
  private readonly top = element('div', 'bm-top');
  private readonly body = element('div', 'bm-body');
  private readonly thread = element('div', 'bm-thread');
  private readonly asking: AskBox;

  constructor(
    private readonly tracker: INotebookTracker,
    private readonly trans: TranslationBundle,
    private readonly host: Host
  ) {
    super();
    this.id = 'backend-mentor-panel';
    this.addClass('bm-panel');
    this.announcer.setAttribute('aria-live', 'polite');
    this.asking = new AskBox(trans, {
      ask: question => void this.ask(question),
      consent: question => void this.askConsent(question),
      agree: consent => void this.agree(consent),
      decline: () => this.talk.set({ ...this.state, consent: null }),
      silence: () => void this.turnMentor(false, currentOf(this.state)?.alias ?? '')
    });
    this.tour = new Tour(trans, host.memory, this.node, text => this.say(text));
    this.node.append(this.announcer, this.top, this.tour.node, this.body, this.asking.node);
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

  get wishes(): Wishes {
    return this.desired;
  }

  set wishes(wishes: Wishes) {
    this.desired = wishes;
    this.updateAsking();
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
      analyze: runs(asked, this.wishes),
      alias: this.wishes.alias,
      milliseconds: this.wishes.seconds * 1000
    };
    await this.talk.begin('review', fields, this.trans.__('Reviewing'), { reviewed: { cellId: cell.model.id, text } });
  }

  /** Ask about the shown review: Claude answers where it was let, else the review itself does. */
  async ask(question: string): Promise<void> {
    const { delivery } = this.state;
    if (!delivery || !isAskable(this.state)) {
      const failure = { what: this.trans.__('There is no review to ask about.'), remedy: this.trans.__('Review a cell first.') };
      this.talk.set({ ...this.state, failure, notice: '' });
      return;
    }
    const { level, language } = this.wishes;
    await this.talk.begin('ask', { question, number: delivery.number, level, language }, this.trans.__('Answering'), { question });
    this.thread.lastElementChild?.scrollIntoView({ block: 'nearest' });
  }

  /** Ask, or where there is no question yet let the keyboard write one. */
  async askAbout(question: string): Promise<void> {
    if (question.trim()) {
      await this.ask(question.trim());
    } else {
      this.asking.enter();
    }
  }

  /** Show the fix of the finding at the cursor of the active cell as a change that waits for its yes. */
  fix(): void {
    const cell = this.tracker.activeCell;
    const found = cell && this.found.get(cell);
    const mark = cell && found && fixable(cell, found.delivery.marks);
    if (found && mark?.fix) {
      this.host.show();
      this.changes.fix(mark.fix, found.delivery, found.reviewed);
    } else {
      const failure = { what: this.trans.__('No finding of this cell has a fix.'), remedy: this.trans.__('Review the cell first.') };
      this.talk.set({ ...this.state, failure, notice: '' });
    }
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
    void this.tour.offer();
  }

  private async askConsent(question: string): Promise<void> {
    const { delivery } = this.state;
    if (delivery) {
      const fields = { question, number: delivery.number, language: this.wishes.language };
      await this.talk.begin('consent', fields, this.trans.__('Looking'));
    }
  }

  private async agree(consent: Consent): Promise<void> {
    this.talk.set({ ...this.state, consent: null });
    await this.turnMentor(true, consent.alias);
  }

  private async turnMentor(on: boolean, alias: string): Promise<void> {
    const told = await this.talk.ask('mentor', { on, alias });
    if (told?.connections) {
      this.talk.set({ ...this.state, connections: told.connections, failure: null });
      this.say(on ? this.trans.__('Claude answers from now on.') : this.trans.__('Offline again.'));
      this.asking.enter();
    }
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
      this.mark(cell, changes, told.delivery , state.reviewed);
    }
    if (changes !== this.changes) {
      return;
    }
    if (told.connected) {
      this.isFormOpen = false;
      this.redrawTop();
    }
    if (told.delivery) {
      // Whoever reads a first look already is not thrown back to its beginning.
      if (told.event === 'preview' ? state.looks === 1 : !state.looks) {
        this.body.scrollTop = 0;
      }
      this.body.querySelector(`[data-part="${this.part}"]`)?.scrollIntoView();
      const what = told.event === 'preview' ? this.trans.__('First look, the rest follows.') : this.trans.__('Review finished.');
      this.say(`${what} ${told.delivery.conclusion}`);
    } else if (told.answered) {
      this.thread.lastElementChild?.scrollIntoView({ block: 'nearest' });
      const begins = told.answered.delivery?.drawing?.spoken.flat(2)[0]?.text ?? '';
      this.say(told.failed?.what ?? told.answered.unknown?.what ?? `${this.trans.__('Answered.')} ${begins}`.trim());
    } else if (!told.consent) {
      this.say(told.failed?.what ?? state.notice);
    }
  }

  private mark(cell: Cell, changes: Changes, delivery: Delivery, reviewed: State['reviewed']): void {
    this.found.set(cell, { delivery, reviewed });
    const fix = (number: number): void => {
      this.host.show();
      changes.fix(number, delivery, reviewed);
    };
    mark(cell, delivery.marks, { label: this.trans.__('Show the fix'), fix });
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
    if (state.answers !== shown?.answers || state.question !== shown.question || state.spoken !== shown.spoken) {
      this.redrawThread();
    }
    this.updateAsking();
    this.shown = state;
    this.changed.emit();
  }

  private updateAsking(): void {
    this.asking.update(this.state, this.desired.mentor !== 'never');
  }

  private redrawThread(): void {
    const offer = (number: number, made: Offer, delivery: Delivery): HTMLElement[] => this.offerButtons(number, made, delivery);
    this.thread.replaceChildren(...drawThread(this.state, this.trans, { offer }));
    this.thread.lastElementChild?.scrollIntoView({ block: 'nearest' });
  }

  private offerButtons(number: number, offer: Offer, delivery: Delivery): HTMLElement[] {
    return drawOfferButtons(number, offer, delivery, this.trans, this.changes, text => this.say(text));
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
      this.isFormOpen ? drawForm(trans, values, { connect: each => this.connect(each), test: each => this.test(each), browse: this.browse() }) : null,
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
    this.tour.point();
  }

  private browse(): (() => Promise<string | null>) | null {
    const { documents } = this.host;
    const notebook = this.tracker.currentWidget;
    return documents && notebook && (() => pickDatabase(documents, notebook.context.path, this.trans));
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
      const offer = (number: number, made: Offer): HTMLElement[] => this.offerButtons(number, made, delivery);
      parts.push(drawReview(delivery.drawing, { offer, translate: text => trans.__(text) }));
      if (delivery.drawing.hint) {
        parts.push(element('div', 'bm-part', button(trans.__('Show the answer'), 'answer', () => void this.review())));
      }
    }
    parts.push(this.thread);
    if (reviews > 1) {
      parts.push(drawHistory(trans, () => this.talk.ask('history', {}), number => void this.showAgain(number)));
    }
    // Whoever reads the first look is not thrown back to the top by the whole review.
    const { scrollTop } = this.body;
    this.body.replaceChildren(...parts);
    this.body.scrollTop = scrollTop;
    this.tour.point();
  }

  private async showAgain(number: number): Promise<void> {
    const told = await this.talk.ask('show', { number, level: this.wishes.level });
    if (told?.delivery) {
      this.talk.set({ ...this.state, delivery: told.delivery , reviewed: null, answers: [], pending: null, done: null });
      this.body.scrollTop = 0;
      this.say(told.delivery.conclusion);
    }
  }
}
