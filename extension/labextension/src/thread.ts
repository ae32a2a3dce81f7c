// The questions about a review, and what was answered.

import type { TranslationBundle } from '@jupyterlab/translation';

import type { Answered, Delivery, Offer } from './drawing';
import { element, failure } from './elements';
import type { State } from './model';
import { drawAnswer, paragraph } from './view';

export interface ThreadActions {
  offer: (number: number, offer: Offer, delivery: Delivery) => HTMLElement[];
}

export function drawThread(state: State, trans: TranslationBundle, actions: ThreadActions): HTMLElement[] {
  const made = state.answers.map(answered => drawAnswered(answered, trans, actions));
  if (state.question !== null) {
    const said = (state.spoken ?? []).map(paragraph);
    made.push(exchange(state.question, trans, said.length ? trans.__('Claude speaks') : trans.__('Looking for the answer…'), ...said));
  }
  return made;
}

function drawAnswered(answered: Answered, trans: TranslationBundle, actions: ThreadActions): HTMLElement {
  const { question, speaker, delivery, unknown } = answered;
  const who = speaker || trans.__('Answered from the review; nothing left this machine');
  if (unknown) {
    return exchange(question, trans, who, element('p', 'bm-p', element('b', '', unknown.what)), element('p', 'bm-p', unknown.remedy));
  }
  if (!delivery?.drawing) {
    return exchange(question, trans, who, element('p', 'bm-p', failure(trans.__('The answer is too large to be drawn here.'))));
  }
  // What the review itself answers with has its buttons above, where it stands.
  const offer = speaker ? { offer: (number: number, made: Offer): HTMLElement[] => actions.offer(number, made, delivery) } : {};
  return exchange(question, trans, who, drawAnswer(delivery.drawing, { ...offer, translate: text => trans.__(text) }, speaker !== ''));
}

function exchange(question: string, trans: TranslationBundle, who: string, ...content: HTMLElement[]): HTMLElement {
  const made = element('section', 'bm-exchange', element('h3', 'bm-which', question), element('p', 'bm-small', who), ...content);
  made.setAttribute('aria-label', trans.__('Answer to: %1', question));
  return made;
}
