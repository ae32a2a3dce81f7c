// Draws what Python derived. Every text passes `textContent`; no figure, verdict or severity is computed here.
/** Make an element; strings become text, never markup. */
function element(tag, className, ...children) {
    const made = document.createElement(tag);
    if (className) {
        made.className = className;
    }
    made.append(...children.filter((child) => child !== null));
    return made;
}
// The same words are code as in the other renderers: backticks, calls, names with an underscore or a point.
const CODE = /`([^`\n]+)`|\b[A-Za-z_]\w*\((?:\*|[\w.,* ]{0,60})\)|\b[A-Za-z]\w*(?:_\w+)+(?:\.\w+)?\b|\b[A-Za-z]\w*\.[A-Za-z_]\w+\b/g;
/** A sentence with its code set as code. */
function prose(text, names = []) {
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
function appendNamed(made, text, known) {
    for (const piece of text.split(/(\b\w+\b)/)) {
        if (piece) {
            made.append(known.has(piece) ? element('code', 'bm-code', piece) : piece);
        }
    }
}
/** The whole review. */
function drawReview(drawing, actions = {}) {
    const say = actions.translate ?? (text => text);
    const { page } = drawing;
    const root = element('article', 'bm-review', header(page.header, page.notes));
    let offered = 0;
    page.outlines.forEach((outline, place) => {
        root.append(drawOutline(outline, drawing, drawing.spoken[place] ?? [], offered, actions, say));
        offered += outline.offers.length;
    });
    root.append(element('footer', 'bm-foot', page.footer.join(' · ')));
    return root;
}
function header(parts, notes) {
    const [name = '', ...rest] = parts;
    const line = element('div', 'bm-head', element('b', '', name), rest.length ? ` · ${rest.join(' · ')}` : '');
    line.append(...notes.map(note => element('div', 'bm-small', note)));
    return line;
}
function drawOutline(outline, drawing, spoken, offered, actions, say) {
    const made = document.createDocumentFragment();
    if (outline.heading) {
        made.append(element('div', 'bm-part bm-statement', element('h3', 'bm-which', outline.heading), block(outline.statement)));
    }
    if (outline.failure) {
        made.append(section(say('Not reviewed'), failure(outline.failure)));
        return made;
    }
    if (drawing.hint) {
        made.append(section(say('Hints'), list(outline.hints, outline.names), element('p', 'bm-quiet', drawing.kept_back)));
        return made;
    }
    made.append(...sections(outline, drawing, spoken, offered, actions, say));
    return made;
}
function sections(outline, drawing, spoken, offered, actions, say) {
    const { names } = outline;
    const parts = [];
    if (outline.conclusion) {
        parts.push(element('section', 'bm-part bm-conclusion', element('p', 'bm-p', prose(outline.conclusion, names))));
    }
    if (spoken.length) {
        parts.push(section(outline.narrative?.speaker ?? '', ...spoken.map(paragraph)));
    }
    if (outline.summary) {
        parts.push(section(say(outline.is_request ? 'What I understood' : 'What it does'), ...summary(outline, drawing, say)));
    }
    if (outline.notices.length) {
        parts.push(section(say('Act on this'), ...outline.notices.map(notice => drawNotice(notice, names))));
    }
    outline.offers.forEach((offer, place) => {
        parts.push(section(say(offer.heading), ...drawOffer(offer, names, drawing, offered + place + 1, actions, say)));
    });
    if (outline.tempting.length) {
        parts.push(section(say('Tempting, but wrong'), ...outline.tempting.map(each => drawTempting(each, names))));
    }
    if (outline.useless.length) {
        parts.push(section(say('Tried, and of no use'), ...outline.useless.map(each => drawUseless(each, names))));
    }
    if (outline.run) {
        parts.push(section(say('As it ran'), ...drawRun(outline.run, names)));
    }
    if (outline.plan) {
        parts.push(section(say('Plan'), ...drawPlan(outline.plan, names, drawing.explains, say)));
    }
    parts.push(...closing(outline, drawing, say));
    return parts;
}
function summary(outline, drawing, say) {
    const told = element('p', 'bm-p', prose(outline.summary ?? '', outline.names));
    if (!outline.steps.length) {
        return [told];
    }
    const steps = labelled(outline.steps, outline.names);
    return [told, outline.is_request ? steps : fold(say('Step by step'), drawing.explains, steps)];
}
function drawNotice(notice, names) {
    const kind = notice.severity.toLowerCase();
    const title = element('div', 'bm-title', element('span', `bm-${kind}`, notice.mark), ` ${notice.severity}: `, prose(notice.what, names));
    const rule = element('div', 'bm-small', notice.rule);
    return element('div', 'bm-item', title, labelled(notice.lines, names), rule);
}
function drawOffer(offer, names, drawing, number, actions, say) {
    const buttons = actions.offer?.(number, offer) ?? [];
    return [
        element('p', 'bm-p', verdict(offer.mark, offer.verdict)),
        element('div', 'bm-title', prose(offer.title, names)),
        offer.diff.length ? drawDiff(offer) : offer.excerpt === offer.after ? block(offer.after) : fold(say('The code'), false, block(offer.after)),
        offer.gain ? drawGain(offer.gain) : null,
        labelled(offer.lines, names),
        offer.depth.length ? fold(say('Why, and how sure is it?'), drawing.explains, labelled(offer.depth, names)) : null,
        offer.diff.length ? fold(say('The whole of it'), false, block(offer.after)) : null,
        buttons.length ? element('div', 'bm-actions', ...buttons) : null
    ];
}
const SIGNS = { '+': 'bm-added', '-': 'bm-removed', ' ': 'bm-kept', '…': 'bm-kept' };
function drawDiff(offer) {
    return element('pre', 'bm-pre', ...offer.diff.map(line => element('span', SIGNS[line.sign] ?? 'bm-kept', `${line.sign} ${line.text}\n`)));
}
function verdict(mark, text) {
    const kind = mark === '✓' ? 'bm-ok' : mark === '✗' || mark === '▼' ? 'bm-bad' : 'bm-open';
    return element('span', kind, `${mark} ${text}`);
}
function drawGain(gain) {
    const made = element('div', 'bm-gain');
    made.setAttribute('role', 'img');
    made.setAttribute('aria-label', `before ${gain.before.figure}, after ${gain.after.figure}`);
    for (const [bar, kind] of [
        [gain.before, 'bm-bar'],
        [gain.after, gain.better ? 'bm-bar bm-bar-now' : 'bm-bar bm-bar-hot']
    ]) {
        const filled = element('span', kind);
        filled.style.width = `${Math.min(Math.max(bar.share, 0), 1) * 100}%`;
        made.append(element('span', 'bm-gain-label', bar.label), element('span', 'bm-gain-bar', filled), element('span', 'bm-gain-figure', bar.figure));
    }
    return made;
}
function drawTempting(rejection, names) {
    const head = element('summary', 'bm-summary', element('span', 'bm-bad', '✗'), ' ', element('b', '', prose(rejection.title, names)), ': ', element('code', 'bm-code', rejection.code));
    const made = element('details', '', head);
    made.open = true;
    if (rejection.reason) {
        made.append(element('p', 'bm-p', prose(rejection.reason, names)));
    }
    made.append(...rejection.exhibits.map(drawExhibit));
    return made;
}
function drawUseless(rejection, names) {
    const head = element('summary', 'bm-summary', prose(rejection.title, names), `: ${rejection.verdict}`);
    return element('details', 'bm-fold', head, block(rejection.code), element('p', 'bm-small', prose(rejection.clauses.join(' · '), names)));
}
function drawExhibit(exhibit) {
    const origin = exhibit.origin ? ` (${exhibit.origin})` : '';
    const grids = exhibit.compact
        ? [exhibit.compact]
        : [...exhibit.tables, ...[exhibit.before, exhibit.after].filter((grid) => grid !== null)];
    return element('div', '', element('p', 'bm-p', prose(exhibit.sentence + origin)), ...grids.map(drawGrid));
}
function drawGrid(grid) {
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
    scroll.setAttribute('role', 'region');
    scroll.setAttribute('aria-label', grid.name);
    return scroll;
}
function drawRun(run, names) {
    const items = run.lines.map(line => element('div', 'bm-item', element('div', 'bm-title', `${line.mark} `, prose(line.head, names)), line.details.length ? list(line.details, names) : null));
    return [...items, run.growth ? drawGrid(run.growth) : null, ...run.notes.map(note => element('p', 'bm-p', prose(note, names)))];
}
function drawPlan(plan, names, explains, say) {
    const remarks = [plan.hidden, plan.totals.join(' · '), ...plan.notes].filter((text) => !!text);
    return [
        drawTree(plan, names, say('Plan')),
        ...remarks.map(text => element('p', 'bm-small', prose(text, names))),
        plan.vocabulary.length ? fold(say('What the steps mean'), explains, labelled(plan.vocabulary, [])) : null,
        fold(say("The engine's own words"), false, block(plan.source))
    ];
}
// Deeper steps stay at this level: a side panel has no room to the right.
const DEEPEST = 8;
function drawTree(plan, names, label) {
    const tree = element('ul', 'bm-tree');
    tree.setAttribute('role', 'tree');
    tree.setAttribute('aria-label', label);
    const branches = [tree];
    let last = null;
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
    const first = tree.querySelector('[role=treeitem]');
    if (first) {
        first.tabIndex = 0;
    }
    tree.addEventListener('keydown', event => moveInTree(tree, event));
    return tree;
}
function drawStep(line, unit, names) {
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
function moveInTree(tree, event) {
    const all = [...tree.querySelectorAll('[role=treeitem]')];
    const seen = all.filter(item => !item.parentElement?.closest('[aria-expanded=false]'));
    const here = event.target instanceof HTMLElement ? event.target.closest('[role=treeitem]') : null;
    if (!here) {
        return;
    }
    const place = seen.indexOf(here);
    let next;
    if (event.key === 'ArrowDown') {
        next = seen[place + 1];
    }
    else if (event.key === 'ArrowUp') {
        next = seen[place - 1];
    }
    else if (event.key === 'Home') {
        next = seen[0];
    }
    else if (event.key === 'End') {
        next = seen[seen.length - 1];
    }
    else if (event.key === 'ArrowLeft' && here.getAttribute('aria-expanded') === 'true') {
        here.setAttribute('aria-expanded', 'false');
    }
    else if (event.key === 'ArrowLeft') {
        next = here.parentElement?.closest('[role=treeitem]') ?? undefined;
    }
    else if (event.key === 'ArrowRight' && here.getAttribute('aria-expanded') === 'false') {
        here.setAttribute('aria-expanded', 'true');
    }
    else if (event.key === 'ArrowRight' && here.hasAttribute('aria-expanded')) {
        next = seen[place + 1];
    }
    else {
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
function closing(outline, drawing, say) {
    const { names } = outline;
    const parts = [];
    if (outline.questions.length) {
        parts.push(section(say('A question for you'), ...sentences(outline.questions, names)));
    }
    const escalations = outline.escalations.length ? outline.escalations : [[drawing.no_escalation, '']];
    parts.push(section(say('Take it up'), ...sentences(escalations, names)));
    if (outline.skipped.length) {
        parts.push(section(say('Not done'), list(outline.skipped, names)));
    }
    return parts;
}
function sentences(entries, names) {
    return entries.map(([text, why]) => element('p', 'bm-p', prose(text, names), why ? element('span', 'bm-quiet', ' ', prose(why, names)) : null));
}
function paragraph(told) {
    const made = element('p', 'bm-p');
    for (const each of told) {
        if (each.is_code) {
            return block(each.text);
        }
        made.append(`${each.text} `, each.mark ? element('span', 'bm-unverified', `${each.mark} `) : '');
    }
    return made;
}
/** What could not be done: the cause, then the remedy. */
function failure(text) {
    const [what = '', ...remedy] = text.split('\n');
    const made = document.createDocumentFragment();
    made.append(element('p', 'bm-p', element('span', 'bm-bad', '✗'), ' ', element('b', '', prose(what))));
    made.append(...remedy.map(line => element('p', 'bm-p', prose(line))));
    return made;
}
function section(heading, ...content) {
    return element('section', 'bm-part', element('h4', 'bm-h', heading), ...content);
}
function fold(heading, isOpen, content) {
    const made = element('details', 'bm-fold', element('summary', 'bm-summary', heading), content);
    made.open = isOpen;
    return made;
}
function labelled(lines, names) {
    const made = element('dl', 'bm-dl');
    for (const [label, text] of lines) {
        made.append(element('dt', 'bm-dt', label), element('dd', 'bm-dd', prose(text, names)));
    }
    return made;
}
function list(texts, names) {
    return element('ul', 'bm-list', ...texts.map(text => element('li', '', prose(text, names))));
}
function block(text) {
    return element('pre', 'bm-pre', text);
}
// The panel in any host of ipywidgets: the same view, driven by traits instead of comms.
function render({ model, el }) {
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
    const press = (text, kind, fields = () => ({})) => {
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
    const show = () => {
        where.textContent = String(model.get('where') ?? '');
        const stage = String(model.get('stage') ?? '');
        progress.textContent = stage;
        stop.disabled = !stage;
        const failed = String(model.get('failed') ?? '');
        const drawing = model.get('drawing');
        const number = (place) => [press('Put into the next cell', 'apply', () => ({ number: place }))];
        body.replaceChildren(...(failed ? [element('div', 'bm-failure', failure(failed))] : []), ...(drawing && 'page' in drawing ? [drawReview(drawing, { offer: place => number(place) })] : []));
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
