// The panel in any host of ipywidgets: the same view, driven by traits instead of comms.

import type { Drawing } from './drawing';
import { drawReview, element, failure } from './view';

interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: unknown): void;
  on(event: string, callback: () => void): void;
}

function render({ model, el }: { model: Model; el: HTMLElement }): void {
  const area = element('textarea', 'bm-input bm-text');
  area.setAttribute('aria-label', 'What to review');
  area.rows = 6;
  area.spellcheck = false;
  area.value = String(model.get('text') ?? '');
  area.addEventListener('input', () => {
    model.set('text', area.value);
    model.save_changes();
  });
  const target = element('input', 'bm-input');
  target.setAttribute('aria-label', 'Database');
  target.placeholder = 'a path, a URL or an alias; empty for the current one';
  const press = (text: string, kind: string, fields: () => object = () => ({})): HTMLButtonElement => {
    const made = element('button', kind === 'review' ? 'bm-button bm-primary' : 'bm-button', text);
    made.type = 'button';
    made.addEventListener('click', () => model.send({ kind, text: area.value, ...fields() }));
    return made;
  };
  const stop = press('Stop', 'stop');
  const where = element('span', 'bm-where');
  const progress = element('span', 'bm-progress');
  progress.setAttribute('role', 'status');
  const connection = element('div', 'bm-connection', where, target, press('Connect', 'connect', () => ({ target: target.value.trim() })));
  const actions = element('div', 'bm-actions', press('Review', 'review'), press('Hint', 'hint'), stop, progress);
  const top = element('div', 'bm-top', connection, area, actions);
  const body = element('div', 'bm-body');
  el.classList.add('bm-panel', 'bm-widget');
  el.append(top, body);

  const show = (): void => {
    where.textContent = String(model.get('where') ?? '');
    const stage = String(model.get('stage') ?? '');
    progress.textContent = stage;
    stop.disabled = !stage;
    const failed = String(model.get('failed') ?? '');
    const drawing = model.get('drawing') as Drawing | null;
    const number = (place: number): HTMLElement[] => [press('Put into the next cell', 'apply', () => ({ number: place }))];
    body.replaceChildren(
      ...(failed ? [element('div', 'bm-failure', failure(failed))] : []),
      ...(drawing && 'page' in drawing ? [drawReview(drawing, { offer: place => number(place) })] : [])
    );
  };
  for (const name of ['where', 'stage', 'failed', 'drawing']) {
    model.on(`change:${name}`, show);
  }
  model.on('change:text', () => {
    if (area.value !== model.get('text')) {
      area.value = String(model.get('text') ?? '');
    }
  });
  show();
}

export default { render };
