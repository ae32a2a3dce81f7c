// The controls above a review: what to do, where to connect, what is pending.

import type { TranslationBundle } from '@jupyterlab/translation';

import type { Changes } from './changes';
import type { Told } from './channel';
import type { Delivery, Failure, Offer } from './drawing';
import { currentOf, lines, type Pending, type State } from './model';
import type { Asked } from './wishes';
import { element, failure as drawCause } from './elements';
import { highlight } from './highlight';

export interface FormValues {
  target: string;
  alias: string;
}

/** A button that says in words what it does; `key` finds it again after the controls are drawn anew. */
export function button(text: string, key: string, press: () => void, kind = ''): HTMLButtonElement {
  const made = element('button', `bm-button ${kind}`.trim(), text);
  made.type = 'button';
  made.dataset['key'] = key;
  made.addEventListener('click', press);
  return made;
}

export interface ToolbarActions {
  review: (asked: Asked) => void;
  stop: () => void;
  reconnect: () => void;
  use: (alias: string) => void;
  toggleForm: () => void;
}

export function drawToolbar(state: State, trans: TranslationBundle, isFormOpen: boolean, actions: ToolbarActions): HTMLElement {
  const bar = element('div', 'bm-bar-top', drawConnections(state, trans, actions, isFormOpen));
  const buttons = element('div', 'bm-actions');
  if (state.phase === 'working') {
    const seconds = element('span', 'bm-elapsed', `${Math.floor(state.seconds)} s`);
    buttons.append(
      button(trans.__('Stop'), 'stop', actions.stop, 'bm-primary'),
      element('span', 'bm-progress', `${state.what}${state.stage ? `: ${state.stage}` : ''} · `, seconds)
    );
  } else if (state.phase === 'unreachable') {
    buttons.append(button(trans.__('Connect again'), 'reconnect', actions.reconnect, 'bm-primary'));
  } else {
    for (const [text, key, asked, help] of wishes(trans)) {
      const made = button(text, key, () => actions.review(asked), key === 'review' ? 'bm-primary' : '');
      made.title = help;
      made.disabled = state.phase !== 'ready';
      buttons.append(made);
    }
  }
  bar.append(buttons);
  return bar;
}

function wishes(trans: TranslationBundle): [string, string, Asked, string][] {
  return [
    [trans.__('Review cell'), 'review', {}, trans.__('What it does, what to act on, a better version and its proof')],
    [trans.__('Explain'), 'explain', { part: 'explanation' }, trans.__('Step by step, with the reasons')],
    [trans.__('Plan'), 'plan', { part: 'plan' }, trans.__('How the database carries it out')],
    [trans.__('Optimise'), 'optimise', { part: 'offer', analyze: true }, trans.__('Also run the query, read-only, to measure what a better version saves')],
    [trans.__('Hint'), 'hint', { hint: true }, trans.__('Where to look, without the answer')]
  ];
}

/** Earlier reviews of this kernel, asked for when they are wanted. */
export function drawHistory(trans: TranslationBundle, load: () => Promise<Told | null>, show: (number: number) => void): HTMLElement {
  const made = element('details', 'bm-part bm-history', element('summary', 'bm-summary', trans.__('Earlier reviews')));
  made.addEventListener('toggle', () => {
    if (made.open && made.childElementCount === 1) {
      void load().then(told => {
        const entries = (told?.history ?? []).map(each => {
          const press = button(`${each.name}: ${each.conclusion}`, `history-${each.number}`, () => show(each.number), 'bm-link');
          return element('li', '', press);
        });
        made.append(element('ol', 'bm-list', ...entries));
      });
    }
  });
  return made;
}

function drawConnections(state: State, trans: TranslationBundle, actions: ToolbarActions, isFormOpen: boolean): HTMLElement {
  const made = element('div', 'bm-connection');
  const current = currentOf(state);
  if (state.connections.length > 1) {
    const choice = element('select', 'bm-select');
    choice.dataset['key'] = 'connections';
    choice.setAttribute('aria-label', trans.__('Connection'));
    for (const each of state.connections) {
      const option = element('option', '', `${each.alias} · ${each.engine}`);
      option.value = each.alias;
      option.selected = each.current;
      choice.append(option);
    }
    choice.disabled = state.phase !== 'ready';
    choice.addEventListener('change', () => actions.use(choice.value));
    made.append(choice);
  } else {
    const name = current ? [element('b', '', current.name), ` · ${current.engine}, ${trans.__('read-only')}`] : [element('span', 'bm-quiet', trans.__('DATABASE_URL, else the demo database'))];
    made.append(element('span', 'bm-where', ...name));
  }
  const open = button(isFormOpen ? trans.__('Close') : trans.__('Connect…'), 'form', actions.toggleForm, 'bm-link');
  open.setAttribute('aria-expanded', String(isFormOpen));
  open.disabled = state.phase !== 'ready' && state.phase !== 'working';
  made.append(open);
  return made;
}

export interface FormActions {
  connect: (values: FormValues) => void;
  test: (values: FormValues) => void;
  /** Let a file be picked; null where the host has no file browser. */
  browse: (() => Promise<string | null>) | null;
}

export function drawForm(trans: TranslationBundle, values: FormValues, actions: FormActions): HTMLElement {
  const target = field(trans.__('Database'), 'target', values.target, 'shop.db, postgresql://user@host/shop');
  const alias = field(trans.__('Name (optional)'), 'alias', values.alias, 'shop');
  const read = (): FormValues => ({ target: target.input.value.trim(), alias: alias.input.value.trim() });
  const form = element(
    'form',
    'bm-form',
    target.node,
    alias.node,
    element('p', 'bm-small', trans.__('A path, a URL, a variable of the notebook or an alias. Keep passwords out of notebooks: use ~/.pgpass, PGPASSWORD or connections.ini.')),
    element('div', 'bm-actions')
  );
  const connect = element('button', 'bm-button bm-primary', trans.__('Connect'));
  connect.type = 'submit';
  connect.dataset['key'] = 'connect';
  const { browse } = actions;
  const pick = (): void =>
    void browse?.().then(path => {
      target.input.value = path ?? target.input.value;
      target.input.focus();
    });
  form.lastElementChild?.append(
    connect,
    button(trans.__('Test'), 'test', () => read().target && actions.test(read())),
    ...(browse ? [button(trans.__('Browse files…'), 'browse', pick)] : [])
  );
  form.addEventListener('submit', event => {
    event.preventDefault();
    if (read().target) {
      actions.connect(read());
    }
  });
  return form;
}

function field(label: string, name: string, value: string, example: string): { node: HTMLElement; input: HTMLInputElement } {
  const input = element('input', 'bm-input');
  input.name = name;
  input.value = value;
  input.placeholder = example;
  input.autocomplete = 'off';
  input.spellcheck = false;
  input.dataset['key'] = `field-${name}`;
  return { node: element('label', 'bm-label', element('span', '', label), input), input };
}

export function drawFailure(failure: Failure): HTMLElement {
  const made = element('div', 'bm-failure', drawCause(`${failure.what}\n${failure.remedy}`));
  made.setAttribute('role', 'alert');
  return made;
}

export function drawPending(pending: Pending, trans: TranslationBundle, accept: () => void, cancel: () => void): HTMLElement {
  const kinds = { '-': 'bm-removed', '+': 'bm-added', ' ': 'bm-kept' } as const;
  const diff = element('pre', 'bm-pre', ...lines(pending.before, pending.after).map(line => element('span', kinds[line.sign], `${line.sign} `, highlight(`${line.text}\n`, pending.language))));
  const made = element(
    'div',
    'bm-pending',
    element('div', 'bm-title', trans.__('This would change in the cell')),
    diff,
    element('div', 'bm-actions', button(trans.__('Replace'), 'accept', accept, 'bm-primary'), button(trans.__('Cancel'), 'cancel', cancel))
  );
  made.setAttribute('role', 'group');
  made.setAttribute('aria-label', pending.title);
  return made;
}

/** What can be done with a proposal; each button says of which. */
export function drawOfferButtons(
  number: number,
  offer: Offer,
  delivery: Delivery,
  trans: TranslationBundle,
  changes: Changes,
  say: (text: string) => void
): HTMLElement[] {
  const copy = (): void => void navigator.clipboard.writeText(offer.after).then(() => say(trans.__('Copied.')));
  const made = [
    ...(offer.diff.length ? [button(trans.__('Show in cell'), `show-${number}`, () => changes.preview(number, delivery))] : []),
    button(trans.__('Insert below'), `insert-${number}`, () => changes.insert(number, delivery)),
    button(trans.__('Copy'), `copy-${number}`, copy)
  ];
  made.forEach(each => each.setAttribute('aria-label', `${each.textContent ?? ''}: ${offer.title}`));
  return made;
}
