// Proposals, what was tried and came to nothing, and what shows it.

import type { Exhibit, Gain, Grid, Offer, Rejection } from './drawing';
import { block, element, fold, labelled, prose, type Child } from './elements';
import { highlight } from './highlight';

/** A proposal with what speaks for it, and the buttons of its host. */
export function drawOffer(
  offer: Offer,
  names: readonly string[],
  explains: boolean,
  buttons: readonly HTMLElement[],
  say: (text: string) => string
): Child[] {
  return [
    element('p', 'bm-p', verdict(offer.mark, offer.verdict)),
    element('div', 'bm-title', prose(offer.title, names)),
    offer.diff.length ? drawDiff(offer) : offer.excerpt === offer.after ? block(offer.after, offer.language) : fold(say('The code'), false, block(offer.after, offer.language)),
    offer.gain ? drawGain(offer.gain) : null,
    labelled(offer.lines, names),
    offer.depth.length ? fold(say('Why, and how sure is it?'), explains, labelled(offer.depth, names)) : null,
    offer.diff.length && offer.whole ? fold(say(offer.whole), false, block(offer.after, offer.language)) : null,
    buttons.length ? element('div', 'bm-actions', ...buttons) : null
  ];
}

const SIGNS: Record<string, string> = { '+': 'bm-added', '-': 'bm-removed', ' ': 'bm-kept', '…': 'bm-kept' };

function drawDiff(offer: Offer): HTMLElement {
  return element('pre', 'bm-pre', ...offer.diff.map(line => element('span', SIGNS[line.sign] ?? 'bm-kept', `${line.sign} `, highlight(`${line.text}\n`, offer.language))));
}

function verdict(mark: string, text: string): HTMLElement {
  const kind = mark === '✓' ? 'bm-ok' : mark === '✗' || mark === '▼' ? 'bm-bad' : 'bm-open';
  return element('span', kind, `${mark} ${text}`);
}

function drawGain(gain: Gain): HTMLElement {
  const made = element('div', 'bm-gain');
  made.setAttribute('role', 'img');
  made.setAttribute('aria-label', `before ${gain.before.figure}, after ${gain.after.figure}`);
  for (const [bar, kind] of [
    [gain.before, 'bm-bar'],
    [gain.after, gain.better ? 'bm-bar bm-bar-now' : 'bm-bar bm-bar-hot']
  ] as const) {
    const filled = element('span', kind);
    filled.style.width = `${Math.min(Math.max(bar.share, 0), 1) * 100}%`;
    made.append(
      element('span', 'bm-gain-label', bar.label),
      element('span', 'bm-gain-bar', filled),
      element('span', 'bm-gain-figure', bar.figure)
    );
  }
  return made;
}

export function drawTempting(rejection: Rejection, names: readonly string[]): HTMLElement {
  const head = element('summary', 'bm-summary', element('span', 'bm-bad', '✗'), ' ', element('b', '', prose(rejection.title, names)), ': ', element('code', 'bm-code', rejection.code));
  const made = element('details', '', head);
  made.open = true;
  if (rejection.reason) {
    made.append(element('p', 'bm-p', prose(rejection.reason, names)));
  }
  made.append(...rejection.exhibits.map(drawExhibit));
  return made;
}

export function drawUseless(rejection: Rejection, names: readonly string[]): HTMLElement {
  const head = element('summary', 'bm-summary', prose(rejection.title, names), `: ${rejection.verdict}`);
  return element('details', 'bm-fold', head, block(rejection.code), element('p', 'bm-small', prose(rejection.clauses.join(' · '), names)));
}

function drawExhibit(exhibit: Exhibit): HTMLElement {
  const origin = exhibit.origin ? ` (${exhibit.origin})` : '';
  const grids = exhibit.compact
    ? [exhibit.compact]
    : [...exhibit.tables, ...[exhibit.before, exhibit.after].filter((grid): grid is Grid => grid !== null)];
  return element('div', '', element('p', 'bm-p', prose(exhibit.sentence + origin)), ...grids.map(drawGrid));
}

export function drawGrid(grid: Grid): HTMLElement {
  const caption = element('div', 'bm-caption', element('code', 'bm-code', grid.name), grid.remark ? `: ${grid.remark}` : '');
  const heads = grid.columns.map(name => {
    const cell = element('th', 'bm-cell', name);
    cell.scope = 'col';
    return cell;
  });
  const rows = grid.rows.map(row => element('tr', '', ...row.map(value => element('td', 'bm-cell', value))));
  const table = element('table', 'bm-table', element('thead', '', element('tr', '', ...heads)), element('tbody', '', ...rows));
  table.setAttribute('aria-label', grid.name);
  // A wide table scrolls by itself, by keyboard too.
  const scroll = element('div', 'bm-scroll', caption, table);
  scroll.tabIndex = 0;
  scroll.setAttribute('role', 'group');
  scroll.setAttribute('aria-label', grid.name);
  return scroll;
}
