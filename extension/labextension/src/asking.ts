// The foot of the sidebar: a question about the shown review, who answers it, and what would leave the machine.

import type { TranslationBundle } from '@jupyterlab/translation';

import { button, drawFailure } from './controls';
import type { Consent } from './drawing';
import { element } from './elements';
import { currentOf, isAskable, type State } from './model';

export interface AskingActions {
  ask: (question: string) => void;
  /** Ask what the question would send. */
  consent: (question: string) => void;
  agree: (consent: Consent) => void;
  decline: () => void;
  silence: () => void;
}

/** Kept as one element, so that a question that is being typed outlives whatever happens meanwhile. */
export class AskBox {
  readonly node = element('div', 'bm-asking');
  private readonly input = element('input', 'bm-input bm-question');
  private readonly send: HTMLButtonElement;
  private readonly mentor = element('div', 'bm-mentor');
  private readonly form: HTMLFormElement;
  private shown: Consent | null = null;
  private asked: HTMLElement | null = null;

  constructor(
    private readonly trans: TranslationBundle,
    private readonly actions: AskingActions
  ) {
    this.input.setAttribute('aria-label', trans.__('A question about this review'));
    this.input.placeholder = trans.__('Ask about this review');
    this.input.maxLength = 4000;
    this.input.autocomplete = 'off';
    this.send = element('button', 'bm-button', trans.__('Ask'));
    this.send.type = 'submit';
    this.form = element('form', 'bm-ask-form', this.input, this.send);
    this.form.addEventListener('submit', event => {
      event.preventDefault();
      const question = this.input.value.trim();
      if (question && !this.send.disabled) {
        actions.ask(question);
        this.input.value = '';
      }
    });
    this.node.append(this.mentor, this.form);
  }

  /** Show who would answer now; `isAllowed` is false where the settings keep Claude out. */
  update(state: State, isAllowed: boolean): void {
    this.node.hidden = !isAskable(state);
    this.send.disabled = state.phase !== 'ready';
    if (state.consent !== this.shown) {
      this.shown = state.consent;
      this.asked?.remove();
      this.asked = state.consent && this.drawConsent(state.consent);
      if (this.asked) {
        this.node.prepend(this.asked);
        this.asked.focus();
      } else if (this.node.contains(document.activeElement) || document.activeElement === document.body) {
        this.input.focus();
      }
    }
    this.mentor.replaceChildren(...this.drawMentor(state, isAllowed));
  }

  /** Let the keyboard go on in the question. */
  enter(): void {
    this.input.focus();
  }

  private drawMentor(state: State, isAllowed: boolean): HTMLElement[] {
    const { trans } = this;
    const current = currentOf(state);
    if (current?.mentored) {
      const off = button(trans.__('Go offline'), 'silence', this.actions.silence, 'bm-link');
      off.disabled = state.phase !== 'ready';
      return [element('span', '', trans.__('Claude answers for %1.', current.name)), off];
    }
    const offline = element('span', 'bm-quiet', trans.__('Offline: the review itself answers, nothing leaves this machine.'));
    if (!isAllowed || state.consent) {
      return [offline];
    }
    const on = button(trans.__('Let Claude answer…'), 'consent', () => this.actions.consent(this.input.value.trim()), 'bm-link');
    on.disabled = state.phase !== 'ready';
    return [offline, on];
  }

  private drawConsent(consent: Consent): HTMLElement {
    const { trans, actions } = this;
    const request = element('pre', 'bm-pre bm-request', consent.request);
    request.tabIndex = 0;
    request.setAttribute('role', 'group');
    request.setAttribute('aria-label', trans.__('The request, byte for byte'));
    const no = button(consent.missing ? trans.__('Close') : trans.__('No, stay offline'), 'decline', actions.decline);
    const yes = consent.missing ? [] : [button(trans.__('Yes, for %1', consent.database), 'agree', () => actions.agree(consent), 'bm-primary')];
    const made = element(
      'div',
      'bm-consent',
      element('div', 'bm-title', trans.__('Let Claude answer for %1?', consent.database)),
      element('p', 'bm-p', trans.__('To whom: %1. Who speaks: %2, at %3.', consent.host, consent.speaker, consent.price)),
      element('p', 'bm-p', trans.__('What you ask, the cell, its tables and its plans go there, and what its tools find out; no row of a table does. This is the first request as it would be sent, with your key in its place:')),
      request,
      consent.missing ? drawFailure(consent.missing) : null,
      element('div', 'bm-actions', ...yes, no)
    );
    made.setAttribute('role', 'group');
    made.setAttribute('aria-label', trans.__('What would leave this machine'));
    made.tabIndex = -1;
    made.addEventListener('keydown', event => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        actions.decline();
      }
    });
    return made;
  }
}
