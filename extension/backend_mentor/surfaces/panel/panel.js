// SQL and Python in the colours of the editor's theme: enough of their grammar to tell words from text.
const SQL = 'all analyze and any as asc between by case cast check collate constraint create cross current_date current_timestamp default delete desc distinct else end escape except exists explain filter first following foreign from full group having in index inner insert intersect into is join key last lateral left like limit materialized natural not null nulls offset on or order outer over partition preceding primary range recursive references returning right row rows select set table then true false unbounded union unique update using values view when where window with';
const PYTHON = 'and as assert async await break class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return try while with yield True False None';
const KEYWORDS = { sql: new Set(SQL.split(' ')), python: new Set(PYTHON.split(' ')) };
// In each: text, comment, number, word. A name in double quotes is a name in SQL and a text in Python.
const TOKENS = {
    sql: /('(?:[^']|'')*')|(--[^\n]*|\/\*[\s\S]*?\*\/)|(\b\d+(?:\.\d+)?\b)|("(?:[^"]|"")*"|\b[A-Za-z_]\w*\b)/g,
    python: /("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(#[^\n]*)|(\b\d+(?:\.\d+)?\b)|(\b[A-Za-z_]\w*\b)/g
};
/** The pieces of a code, which joined are the code. */
function pieces(code, language) {
    const found = [];
    const words = KEYWORDS[language] ?? new Set();
    let end = 0;
    for (const match of code.matchAll(TOKENS[language] ?? /$^/g)) {
        const [text, string, comment, number] = match;
        const isKeyword = words.has(language === 'sql' ? text.toLowerCase() : text);
        const kind = string ? 'string' : comment ? 'comment' : number ? 'number' : isKeyword ? 'keyword' : '';
        if (kind) {
            found.push({ text: code.slice(end, match.index), kind: '' }, { text, kind });
            end = match.index + text.length;
        }
    }
    found.push({ text: code.slice(end), kind: '' });
    return found.filter(piece => piece.text);
}
/** A code with its words coloured. */
function highlight(code, language) {
    const made = document.createDocumentFragment();
    for (const { text, kind } of pieces(code, language)) {
        if (kind) {
            const span = document.createElement('span');
            span.className = `bm-${kind}`;
            span.textContent = text;
            made.append(span);
        }
        else {
            made.append(text);
        }
    }
    return made;
}

// Elements and the words in them. Every text passes `append`, which makes text of strings, never markup.
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
/** What could not be done: the cause, then the remedy. */
function failure(text) {
    const [what = '', ...remedy] = text.split('\n');
    const made = document.createDocumentFragment();
    made.append(element('p', 'bm-p', element('span', 'bm-bad', '✗'), ' ', element('b', '', prose(what))));
    made.append(...remedy.map(line => element('p', 'bm-p', prose(line))));
    return made;
}
/** A part of a review under its heading; `part` is its name, by which it is found. */
function section(heading, part, ...content) {
    const made = element('section', 'bm-part', element('h4', 'bm-h', heading), ...content);
    made.dataset['part'] = part;
    return made;
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
/** Code that stands by itself; without a language it is left uncoloured. */
function block(text, language = '') {
    return element('pre', 'bm-pre', language ? highlight(text, language) : text);
}

// A plan as a tree that is walked by the arrow keys.
/** The tree, what is to be said of it, and the engine's own words. */
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

// Proposals, what was tried and came to nothing, and what shows it.
/** A proposal with what speaks for it, and the buttons of its host. */
function drawOffer(offer, names, explains, buttons, say) {
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
const SIGNS = { '+': 'bm-added', '-': 'bm-removed', ' ': 'bm-kept', '…': 'bm-kept' };
function drawDiff(offer) {
    return element('pre', 'bm-pre', ...offer.diff.map(line => element('span', SIGNS[line.sign] ?? 'bm-kept', `${line.sign} `, highlight(`${line.text}\n`, offer.language))));
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
    scroll.setAttribute('role', 'group');
    scroll.setAttribute('aria-label', grid.name);
    return scroll;
}

// Draws what Python derived. Every text passes `textContent`; no figure, verdict or severity is computed here.
/** The whole review. */
function drawReview(drawing, actions = {}) {
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
function drawAnswer(drawing, actions, showsOrigin) {
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
function header(parts, notes) {
    const [name = '', ...rest] = parts;
    const line = element('div', 'bm-head', element('b', '', name), rest.length ? ` · ${rest.join(' · ')}` : '');
    line.append(...notes.map(note => element('div', 'bm-small', note)));
    return line;
}
function drawOutline(outline, drawing, place, offered, actions, say) {
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
function sections(outline, drawing, place, offered, actions, say, isAnswer = false) {
    const { names } = outline;
    const spoken = drawing.spoken[place] ?? [];
    // An output that was saved by an earlier version has no remarks.
    const remarks = drawing.remarks?.[place] ?? [];
    const parts = [];
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
function drawRun(run, names) {
    const items = run.lines.map(line => element('div', 'bm-item', element('div', 'bm-title', `${line.mark} `, prose(line.head, names)), line.details.length ? list(line.details, names) : null));
    return [...items, run.growth ? drawGrid(run.growth) : null, ...run.notes.map(note => element('p', 'bm-p', prose(note, names)))];
}
function closing(outline, drawing, say, isAnswer) {
    const { names } = outline;
    const parts = [];
    if (outline.questions.length) {
        parts.push(section(say('A question for you'), 'questions', ...sentences(outline.questions, names)));
    }
    const escalations = outline.escalations.length ? outline.escalations : [[drawing.no_escalation, '']];
    if (!isAnswer || outline.escalations.length) {
        parts.push(section(say('Take it up'), 'escalations', ...sentences(escalations, names)));
    }
    if (outline.skipped.length) {
        parts.push(section(say('Not done'), 'skipped', list(outline.skipped, names)));
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

// The panel in any host of ipywidgets: the same view, driven by traits instead of comms.
const SHOWN = ['where', 'stage', 'failed', 'drawing'];
function render({ model, el }) {
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
    const press = (text, kind, look, fields) => button(text, look, () => model.send({ kind, ...fields() }));
    const typed = () => ({ text: area.value });
    const stop = press('Stop', 'stop', '', () => ({}));
    const asking = [press('Review', 'review', 'bm-primary', typed), press('Optimise', 'optimise', '', typed), press('Hint', 'hint', '', typed)];
    const connect = press('Connect', 'connect', '', () => ({ target: target.value.trim() }));
    const where = element('span', 'bm-where');
    const progress = element('span', 'bm-progress');
    progress.setAttribute('role', 'status');
    const body = element('div', 'bm-body');
    const top = element('div', 'bm-top', element('div', 'bm-connection', where, target, connect), area, element('div', 'bm-actions', ...asking, stop, progress));
    el.classList.add('bm-panel', 'bm-widget');
    el.setAttribute('role', 'region');
    el.setAttribute('aria-label', 'Backend Mentor');
    el.append(top, body);
    const show = () => {
        const stage = String(model.get('stage') ?? '');
        where.textContent = String(model.get('where') ?? '');
        progress.textContent = stage;
        stop.disabled = !stage;
        [...asking, connect].forEach(each => (each.disabled = !!stage));
    };
    const draw = () => {
        const failed = String(model.get('failed') ?? '');
        const drawing = model.get('drawing');
        const cause = failed ? element('div', 'bm-failure', failure(failed)) : null;
        cause?.setAttribute('role', 'alert');
        const offer = (_, made) => offerButtons(made, area);
        body.replaceChildren(...(cause ? [cause] : []), ...(drawing && 'page' in drawing ? [drawReview(drawing, { offer })] : []));
        show();
    };
    const take = () => {
        if (area.value !== model.get('text')) {
            area.value = String(model.get('text') ?? '');
        }
    };
    const heard = [...SHOWN.map((name) => [`change:${name}`, name === 'drawing' || name === 'failed' ? draw : show]), ['change:text', take]];
    heard.forEach(([event, callback]) => model.on(event, callback));
    draw();
    return () => heard.forEach(([event, callback]) => model.off(event, callback));
}
function keepText(model, area) {
    model.set('text', area.value);
    model.save_changes();
}
function button(text, look, press) {
    const made = element('button', `bm-button ${look}`.trim(), text);
    made.type = 'button';
    made.addEventListener('click', press);
    return made;
}
function offerButtons(offer, area) {
    const put = () => {
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
