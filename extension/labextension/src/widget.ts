// The panel in any host of ipywidgets: the same view, driven by traits instead of comms.

import type { Drawing, Offer } from './drawing';
import { element, failure } from './elements';
import { drawReview } from './view';

interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: unknown): void;
  on(event: string, callback: () => void): void;
  off(event: string, callback: () => void): void;
}

const SHOWN = ['where', 'stage', 'failed', 'drawing'];

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  const area = element('textarea', 'bm-input bm-text');
  area.setAttribute('aria-label', 'What to review');
  area.placeholder = 'A query, endpoint code, an EXPLAIN plan or a request in plain words';
  area.rows = 6;
  area.spellcheck = false;
  // In JupyterLab the notebook's keys would be taken first: undo would undo in the notebook.
  area.dataset['lmSuppressShortcuts'] = 'true';
  area.value = String(model.get('text') ?? '');
  area.addEventListener('input', () => keepText(model, area));
  const target = element('input', 'bm-input bm-target');
  target.setAttribute('aria-label', 'Database');
  target.placeholder = 'a path, a URL, a variable or an alias; empty for the demo';
  const press = (text: string, kind: string, look: string, fields: () => object): HTMLButtonElement =>
    button(text, look, () => model.send({ kind, ...fields() }));
  const typed = (): object => ({ text: area.value });
  const stop = press('Stop', 'stop', '', () => ({}));
  const asking = [press('Review', 'review', 'bm-primary', typed), press('Optimise', 'optimise', '', typed), press('Hint', 'hint', '', typed)];
  const connect = press('Connect', 'connect', '', () => ({ target: target.value.trim() }));
  const where = element('span', 'bm-where');
  const progress = element('span', 'bm-progress');
  progress.setAttribute('role', 'status');
  const body = element('div', 'bm-body');
  const top = element(
    'div',
    'bm-top',
    element('div', 'bm-connection', where, target, connect),
    area,
    element('div', 'bm-actions', ...asking, stop, progress)
  );
  el.classList.add('bm-panel', 'bm-widget');
  el.setAttribute('role', 'region');
  el.setAttribute('aria-label', 'Backend Mentor');
  el.append(top, body);

  const show = (): void => {
    const stage = String(model.get('stage') ?? '');
    where.textContent = String(model.get('where') ?? '');
    progress.textContent = stage;
    stop.disabled = !stage;
    [...asking, connect].forEach(each => (each.disabled = !!stage));
  };
  const draw = (): void => {
    const failed = String(model.get('failed') ?? '');
    const drawing = model.get('drawing') as Drawing | null;
    const cause = failed ? element('div', 'bm-failure', failure(failed)) : null;
    cause?.setAttribute('role', 'alert');
    const offer = (_: number, made: Offer): HTMLElement[] => offerButtons(made, area);
    body.replaceChildren(...(cause ? [cause] : []), ...(drawing && 'page' in drawing ? [drawReview(drawing, { offer })] : []));
    show();
  };
  const take = (): void => {
    if (area.value !== model.get('text')) {
      area.value = String(model.get('text') ?? '');
    }
  };
  const heard: [string, () => void][] = [...SHOWN.map((name): [string, () => void] => [`change:${name}`, name === 'drawing' || name === 'failed' ? draw : show]), ['change:text', take]];
  heard.forEach(([event, callback]) => model.on(event, callback));
  draw();
  return () => heard.forEach(([event, callback]) => model.off(event, callback));
}

function keepText(model: Model, area: HTMLTextAreaElement): void {
  model.set('text', area.value);
  model.save_changes();
}

function button(text: string, look: string, press: () => void): HTMLButtonElement {
  const made = element('button', `bm-button ${look}`.trim(), text);
  made.type = 'button';
  made.addEventListener('click', press);
  return made;
}

function offerButtons(offer: Offer, area: HTMLTextAreaElement): HTMLElement[] {
  const put = (): void => {
    area.focus();
    area.select();
    // Unlike an assignment, this leaves the text before it in the browser's own history: undo brings it back.
    document.execCommand('insertText', false, offer.after);
  };
  const made = [button('Put into the text above', '', put), button('Copy', '', () => void navigator.clipboard.writeText(offer.after))];
  made.forEach(each => each.setAttribute('aria-label', `${each.textContent ?? ''}: ${offer.title}`));
  return made;
}

export default { render };
