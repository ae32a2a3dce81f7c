// A plan as a tree that is walked by the arrow keys.

import type { PlanLine, PlanPicture } from './drawing';
import { block, element, fold, labelled, prose, type Child } from './elements';

/** The tree, what is to be said of it, and the engine's own words. */
export function drawPlan(plan: PlanPicture, names: readonly string[], explains: boolean, say: (text: string) => string): Child[] {
  const remarks = [plan.hidden, plan.totals.join(' · '), ...plan.notes].filter((text): text is string => !!text);
  return [
    drawTree(plan, names, say('Plan')),
    ...remarks.map(text => element('p', 'bm-small', prose(text, names))),
    plan.vocabulary.length ? fold(say('What the steps mean'), explains, labelled(plan.vocabulary, [])) : null,
    fold(say("The engine's own words"), false, block(plan.source))
  ];
}

// Deeper steps stay at this level: a side panel has no room to the right.
const DEEPEST = 8;

function drawTree(plan: PlanPicture, names: readonly string[], label: string): HTMLElement {
  const tree = element('ul', 'bm-tree');
  tree.setAttribute('role', 'tree');
  tree.setAttribute('aria-label', label);
  const branches: HTMLElement[] = [tree];
  let last: HTMLElement | null = null;
  for (const line of plan.lines) {
    const level = Math.min(line.depth, DEEPEST);
    if (level >= branches.length && last) {
      const branch = element('ul', 'bm-branch');
      branch.setAttribute('role', 'group');
      last.append(branch);
      last.setAttribute('aria-expanded', 'true');
      branches.push(branch);
    }
    branches.length = level + 1;
    last = drawStep(line, plan.unit, names);
    branches[level]?.append(last);
  }
  const first = tree.querySelector<HTMLElement>('[role=treeitem]');
  if (first) {
    first.tabIndex = 0;
  }
  tree.addEventListener('keydown', event => moveInTree(tree, event));
  return tree;
}

function drawStep(line: PlanLine, unit: string | null, names: readonly string[]): HTMLElement {
  const deeper = line.depth > DEEPEST ? `(level ${line.level}) ` : '';
  const skipped = line.skips ? `… ${line.skips} between … ` : '';
  const title = element('span', line.costly ? 'bm-step bm-hot' : 'bm-step', deeper, skipped, prose(line.title, names), line.costly ? element('span', 'bm-critical', ' ▲') : null);
  const node = element('div', 'bm-node', title);
  node.title = line.label;
  if (line.share !== null) {
    const filled = element('span', line.costly ? 'bm-bar bm-bar-hot' : 'bm-bar');
    filled.style.width = `${line.share * 100}%`;
    node.prepend(element('span', 'bm-share', filled));
  }
  const figures = line.share !== null && unit ? [...line.figures, `${Math.round(line.share * 100)} % of the ${unit}`] : line.figures;
  if (figures.length) {
    node.append(element('span', 'bm-small', figures.join(' · ')));
  }
  node.append(...line.conditions.map(([word, text]) => element('span', 'bm-small', `${word} `, element('code', 'bm-code', text))));
  const item = element('li', 'bm-item-node', node);
  item.setAttribute('role', 'treeitem');
  item.tabIndex = -1;
  return item;
}

/** Arrow keys walk the tree, left folds a step and right opens it, as the ARIA practices say. */
function moveInTree(tree: HTMLElement, event: KeyboardEvent): void {
  const all = [...tree.querySelectorAll<HTMLElement>('[role=treeitem]')];
  const seen = all.filter(item => !item.parentElement?.closest('[aria-expanded=false]'));
  const here = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[role=treeitem]') : null;
  if (!here) {
    return;
  }
  const place = seen.indexOf(here);
  let next: HTMLElement | undefined;
  if (event.key === 'ArrowDown') {
    next = seen[place + 1];
  } else if (event.key === 'ArrowUp') {
    next = seen[place - 1];
  } else if (event.key === 'Home') {
    next = seen[0];
  } else if (event.key === 'End') {
    next = seen[seen.length - 1];
  } else if (event.key === 'ArrowLeft' && here.getAttribute('aria-expanded') === 'true') {
    here.setAttribute('aria-expanded', 'false');
  } else if (event.key === 'ArrowLeft') {
    next = here.parentElement?.closest<HTMLElement>('[role=treeitem]') ?? undefined;
  } else if (event.key === 'ArrowRight' && here.getAttribute('aria-expanded') === 'false') {
    here.setAttribute('aria-expanded', 'true');
  } else if (event.key === 'ArrowRight' && here.hasAttribute('aria-expanded')) {
    next = seen[place + 1];
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  if (next) {
    here.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}
