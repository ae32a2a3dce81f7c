// Draws what Python derived. Every text passes `textContent`; no figure, verdict or severity is computed here.

import type { Drawing, Notice, Offer, Outline, RunPicture, Spoken } from './drawing';
import { block, element, failure, fold, labelled, list, prose, section, type Child } from './elements';
import { drawGrid, drawOffer, drawTempting, drawUseless } from './offers';
import { drawPlan } from './plan';

/** What the reader can do with a proposal; a host that can not change cells offers none of them. */
export interface Actions {
  /** Adds buttons for the proposal of this number, in the order of the whole cell, from 1. */
  offer?: (number: number, offer: Offer) => HTMLElement[];
  translate?: (text: string) => string;
}

/** The whole review. */
export function drawReview(drawing: Drawing, actions: Actions = {}): HTMLElement {
  const say = actions.translate ?? (text => text);
  const { page } = drawing;
  const root = element('article', 'bm-review', header(page.header, page.notes));
  let offered = 0;
  page.outlines.forEach((outline, place) => {
    root.append(drawOutline(outline, drawing, place, offered, actions, say));
    offered += outline.offers.length;
  });
  root.append(element('footer', 'bm-foot', page.footer.join(' · ')));
  return root;
}

/** What answers a question: the parts of a review, without what every review ends with. */
export function drawAnswer(drawing: Drawing, actions: Actions, showsOrigin: boolean): HTMLElement {
  const say = actions.translate ?? (text => text);
  const root = element('div', 'bm-review bm-answer');
  let offered = 0;
  drawing.page.outlines.forEach((outline, place) => {
    if (outline.heading) {
      root.append(element('div', 'bm-part bm-statement', element('h4', 'bm-which', outline.heading), block(outline.statement, 'sql')));
    }
    root.append(...sections(outline, drawing, place, offered, actions, say, true));
    offered += outline.offers.length;
  });
  if (showsOrigin) {
    root.append(element('footer', 'bm-foot', drawing.page.footer.join(' · ')));
  }
  return root;
}

function header(parts: readonly string[], notes: readonly string[]): HTMLElement {
  const [name = '', ...rest] = parts;
  const line = element('div', 'bm-head', element('b', '', name), rest.length ? ` · ${rest.join(' · ')}` : '');
  line.append(...notes.map(note => element('div', 'bm-small', note)));
  return line;
}

function drawOutline(
  outline: Outline,
  drawing: Drawing,
  place: number,
  offered: number,
  actions: Actions,
  say: (text: string) => string
): DocumentFragment {
  const made = document.createDocumentFragment();
  if (outline.heading) {
    made.append(element('div', 'bm-part bm-statement', element('h3', 'bm-which', outline.heading), block(outline.statement, 'sql')));
  }
  if (outline.failure) {
    made.append(section(say('Not reviewed'), 'failure', failure(outline.failure)));
    return made;
  }
  if (drawing.hint) {
    made.append(section(say('Hints'), 'hints', list(outline.hints, outline.names), element('p', 'bm-quiet', drawing.kept_back)));
    return made;
  }
  made.append(...sections(outline, drawing, place, offered, actions, say));
  return made;
}

function sections(
  outline: Outline,
  drawing: Drawing,
  place: number,
  offered: number,
  actions: Actions,
  say: (text: string) => string,
  isAnswer = false
): HTMLElement[] {
  const { names } = outline;
  const spoken = drawing.spoken[place] ?? [];
  // An output that was saved by an earlier version has no remarks.
  const remarks = (drawing.remarks as string[][] | undefined)?.[place] ?? [];
  const parts: HTMLElement[] = [];
  if (outline.conclusion) {
    parts.push(element('section', 'bm-part bm-conclusion', element('p', 'bm-p', prose(outline.conclusion, names))));
  }
  if (spoken.length) {
    const told = spoken.map(paragraph);
    // An answer names its speaker above it.
    parts.push(isAnswer ? element('div', 'bm-part', ...told) : section(outline.narrative?.speaker ?? '', 'narrative', ...told));
  }
  if (remarks.length) {
    parts.push(element('div', 'bm-part', ...remarks.map(remark => element('p', 'bm-small', remark))));
  }
  if (outline.summary) {
    parts.push(section(say(outline.is_request ? 'What I understood' : 'What it does'), 'explanation', ...summary(outline, drawing, say)));
  }
  if (outline.notices.length) {
    parts.push(section(say('Act on this'), 'findings', ...outline.notices.map(notice => drawNotice(notice, names))));
  }
  outline.offers.forEach((offer, place) => {
    parts.push(section(say(offer.heading), 'offer', ...drawOffer(offer, names, drawing.explains, actions.offer?.(offered + place + 1, offer) ?? [], say)));
  });
  if (outline.tempting.length) {
    parts.push(section(say('Tempting, but wrong'), 'rejected', ...outline.tempting.map(each => drawTempting(each, names))));
  }
  if (outline.useless.length) {
    parts.push(section(say('Tried, and of no use'), 'rejected', ...outline.useless.map(each => drawUseless(each, names))));
  }
  if (outline.run) {
    parts.push(section(say('As it ran'), 'run', ...drawRun(outline.run, names)));
  }
  if (outline.plan) {
    parts.push(section(say('Plan'), 'plan', ...drawPlan(outline.plan, names, drawing.explains, say)));
  }
  parts.push(...closing(outline, drawing, say, isAnswer));
  return parts;
}

function summary(outline: Outline, drawing: Drawing, say: (text: string) => string): Child[] {
  const told = element('p', 'bm-p', prose(outline.summary ?? '', outline.names));
  if (!outline.steps.length) {
    return [told];
  }
  const steps = labelled(outline.steps, outline.names);
  return [told, outline.is_request ? steps : fold(say('Step by step'), drawing.explains, steps)];
}

function drawNotice(notice: Notice, names: readonly string[]): HTMLElement {
  const kind = notice.severity.toLowerCase();
  const title = element('div', 'bm-title', element('span', `bm-${kind}`, notice.mark), ` ${notice.severity}: `, prose(notice.what, names));
  const rule = element('div', 'bm-small', notice.rule);
  return element('div', 'bm-item', title, labelled(notice.lines, names), rule);
}

function drawRun(run: RunPicture, names: readonly string[]): Child[] {
  const items = run.lines.map(line =>
    element('div', 'bm-item', element('div', 'bm-title', `${line.mark} `, prose(line.head, names)), line.details.length ? list(line.details, names) : null)
  );
  return [...items, run.growth ? drawGrid(run.growth) : null, ...run.notes.map(note => element('p', 'bm-p', prose(note, names)))];
}

function closing(outline: Outline, drawing: Drawing, say: (text: string) => string, isAnswer: boolean): HTMLElement[] {
  const { names } = outline;
  const parts: HTMLElement[] = [];
  if (outline.questions.length) {
    parts.push(section(say('A question for you'), 'questions', ...sentences(outline.questions, names)));
  }
  const escalations: [string, string][] = outline.escalations.length ? outline.escalations : [[drawing.no_escalation, '']];
  if (!isAnswer || outline.escalations.length) {
    parts.push(section(say('Take it up'), 'escalations', ...sentences(escalations, names)));
  }
  if (outline.skipped.length) {
    parts.push(section(say('Not done'), 'skipped', list(outline.skipped, names)));
  }
  return parts;
}

function sentences(entries: readonly [string, string][], names: readonly string[]): HTMLElement[] {
  return entries.map(([text, why]) => element('p', 'bm-p', prose(text, names), why ? element('span', 'bm-quiet', ' ', prose(why, names)) : null));
}

export function paragraph(told: readonly Spoken[]): HTMLElement {
  const made = element('p', 'bm-p');
  for (const each of told) {
    if (each.is_code) {
      return block(each.text);
    }
    made.append(`${each.text} `, each.mark ? element('span', 'bm-unverified', `${each.mark} `) : '');
  }
  return made;
}
