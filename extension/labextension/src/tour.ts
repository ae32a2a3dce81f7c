// The first look around: a few steps above the review, which nobody has to take.

import type { IStateDB } from '@jupyterlab/statedb';
import type { TranslationBundle } from '@jupyterlab/translation';

import { button } from './controls';
import { element } from './elements';

const SEEN = 'backend-mentor:tour';

interface Step {
  readonly title: string;
  readonly text: string;
  /** What of the sidebar it is about. */
  readonly about: string;
}

/** Shown once, until it is finished or skipped, and again where it is asked for; it never takes the focus by itself. */
export class Tour {
  readonly node = element('section', 'bm-tour');
  private place = -1;
  private readonly steps: readonly Step[];

  constructor(
    private readonly trans: TranslationBundle,
    private readonly memory: IStateDB | null,
    private readonly panel: HTMLElement,
    private readonly say: (text: string) => void
  ) {
    this.steps = stepsOf(trans);
    this.node.hidden = true;
    this.node.setAttribute('aria-label', trans.__('A first look around'));
    this.node.addEventListener('keydown', event => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        this.end();
      }
    });
  }

  /** Show the first step to whoever has not seen the tour; where nothing can be remembered it is not pressed on anybody. */
  async offer(): Promise<void> {
    if (this.memory && this.place < 0 && (await this.memory.fetch(SEEN)) === undefined) {
      this.show(0);
    }
  }

  /** Begin anew, with the keyboard in it. */
  start(): void {
    this.show(0);
    this.focus();
  }

  /** Point at what the step is about; the controls are drawn anew at each turn. */
  point(): void {
    this.panel.querySelectorAll('.bm-pointed').forEach(each => each.classList.remove('bm-pointed'));
    const about = this.steps[this.place]?.about;
    if (about) {
      this.panel.querySelector(about)?.classList.add('bm-pointed');
    }
  }

  private show(place: number): void {
    const step = this.steps[place];
    if (!step) {
      this.end();
      return;
    }
    this.place = place;
    const { trans } = this;
    const count = trans.__('%1 of %2', place + 1, this.steps.length);
    const isLast = place === this.steps.length - 1;
    const go = (to: number): void => {
      this.show(to);
      this.focus();
    };
    this.node.replaceChildren(
      element('div', 'bm-title', step.title, ' ', element('span', 'bm-quiet', count)),
      element('p', 'bm-p', step.text),
      element(
        'div',
        'bm-actions',
        button(isLast ? trans.__('Done') : trans.__('Next'), 'tour-next', () => (isLast ? this.end() : go(place + 1)), 'bm-primary'),
        ...(place ? [button(trans.__('Back'), 'tour-back', () => go(place - 1))] : []),
        ...(isLast ? [] : [button(trans.__('Skip the tour'), 'tour-skip', () => this.end(), 'bm-link')])
      )
    );
    this.node.hidden = false;
    this.point();
    this.say(`${step.title} ${step.text}`);
  }

  private focus(): void {
    this.node.querySelector<HTMLElement>('[data-key=tour-next]')?.focus();
  }

  private end(): void {
    const hadFocus = this.node.contains(document.activeElement);
    this.place = -1;
    this.node.hidden = true;
    this.node.replaceChildren();
    this.point();
    void this.memory?.save(SEEN, true);
    if (hadFocus) {
      this.panel.querySelector<HTMLElement>('.bm-top button:enabled')?.focus();
    }
  }
}

function stepsOf(trans: TranslationBundle): Step[] {
  return [
    {
      title: trans.__('Review a cell'),
      text: trans.__('Select a cell with SQL or endpoint code and press Review cell, or Ctrl+Shift+B (⌘⇧B on a Mac).'),
      about: '[data-key=review]'
    },
    {
      title: trans.__('Choose the database'),
      text: trans.__('Connect… takes a path, an address or a variable of the notebook, read-only. Until then it is DATABASE_URL, else a demo.'),
      about: '[data-key=form]'
    },
    {
      title: trans.__('Nothing changes by itself'),
      text: trans.__('A better version comes with its proof. Show in cell shows the difference; only Replace writes it, and Undo takes it back.'),
      about: '[data-part=offer] .bm-actions'
    },
    {
      title: trans.__('Look at the marks'),
      text: trans.__('What was found is underlined in the cell. Point at it, or run Fix Finding at Cursor from the command palette.'),
      about: '[data-part=findings]'
    },
    {
      title: trans.__('Ask'),
      text: trans.__('Below a review you can ask about it. The review itself answers; Claude does only after you have seen what would be sent, and said yes.'),
      about: '.bm-ask-form'
    }
  ];
}
