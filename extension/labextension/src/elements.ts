// Elements and the words in them. Every text passes `append`, which makes text of strings, never markup.

import { highlight } from './highlight';

export type Child = Node | string | null;

/** Make an element; strings become text, never markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className) {
    made.className = className;
  }
  made.append(...children.filter((child): child is Node | string => child !== null));
  return made;
}

// The same words are code as in the other renderers: backticks, calls, names with an underscore or a point.
const CODE = /`([^`\n]+)`|\b[A-Za-z_]\w*\((?:\*|[\w.,* ]{0,60})\)|\b[A-Za-z]\w*(?:_\w+)+(?:\.\w+)?\b|\b[A-Za-z]\w*\.[A-Za-z_]\w+\b/g;

/** A sentence with its code set as code. */
export function prose(text: string, names: readonly string[] = []): DocumentFragment {
  const made = document.createDocumentFragment();
  const known = new Set(names);
  let end = 0;
  for (const match of text.matchAll(CODE)) {
    appendNamed(made, text.slice(end, match.index), known);
    made.append(element('code', 'bm-code', match[1] ?? match[0]));
    end = match.index + match[0].length;
  }
  appendNamed(made, text.slice(end), known);
  return made;
}

function appendNamed(made: DocumentFragment, text: string, known: ReadonlySet<string>): void {
  for (const piece of text.split(/(\b\w+\b)/)) {
    if (piece) {
      made.append(known.has(piece) ? element('code', 'bm-code', piece) : piece);
    }
  }
}

/** What could not be done: the cause, then the remedy. */
export function failure(text: string): DocumentFragment {
  const [what = '', ...remedy] = text.split('\n');
  const made = document.createDocumentFragment();
  made.append(element('p', 'bm-p', element('span', 'bm-bad', '✗'), ' ', element('b', '', prose(what))));
  made.append(...remedy.map(line => element('p', 'bm-p', prose(line))));
  return made;
}

/** A part of a review under its heading; `part` is its name, by which it is found. */
export function section(heading: string, part: string, ...content: Child[]): HTMLElement {
  const made = element('section', 'bm-part', element('h4', 'bm-h', heading), ...content);
  made.dataset['part'] = part;
  return made;
}

export function fold(heading: string, isOpen: boolean, content: HTMLElement): HTMLElement {
  const made = element('details', 'bm-fold', element('summary', 'bm-summary', heading), content);
  made.open = isOpen;
  return made;
}

export function labelled(lines: readonly [string, string][], names: readonly string[]): HTMLElement {
  const made = element('dl', 'bm-dl');
  for (const [label, text] of lines) {
    made.append(element('dt', 'bm-dt', label), element('dd', 'bm-dd', prose(text, names)));
  }
  return made;
}

export function list(texts: readonly string[], names: readonly string[]): HTMLElement {
  return element('ul', 'bm-list', ...texts.map(text => element('li', '', prose(text, names))));
}

/** Code that stands by itself; without a language it is left uncoloured. */
export function block(text: string, language = ''): HTMLElement {
  return element('pre', 'bm-pre', language ? highlight(text, language) : text);
}
