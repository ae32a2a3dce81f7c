// What the sidebar knows, without a page: golden deliveries of the Python side go in, states come out.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { pieces } from '../lib/highlight.js';
import { EMPTY, changed, currentOf, heard, isAskable, lines, started, withPhase } from '../lib/model.js';
import { pathFrom } from '../lib/paths.js';
import { USUAL, runs } from '../lib/wishes.js';

const deliveries = JSON.parse(readFileSync(new URL('deliveries.json', import.meta.url), 'utf8'));
const working = started(EMPTY, 'a-1', 'Reviewing');

test('a review that is done is shown and the sidebar is ready again', () => {
  for (const delivery of deliveries) {
    const state = heard(working, { ask: 'a-1', event: 'done', delivery });
    assert.equal(state.delivery, delivery);
    assert.equal(state.phase, 'ready');
    assert.equal(state.ask, null);
  }
});

test('a first look is shown while the review goes on', () => {
  const state = heard(working, { ask: 'a-1', event: 'preview', delivery: deliveries[0] });
  assert.deepEqual([state.delivery, state.phase, state.looks], [deliveries[0], 'working', 1]);
  assert.equal(heard(state, { ask: 'a-1', event: 'stopped' }).delivery, deliveries[0]);
});

test('what belongs to another question changes nothing', () => {
  assert.equal(heard(working, { ask: 'a-2', event: 'done', delivery: deliveries[0] }), working);
});

test('progress names the stage and the time', () => {
  const state = heard(working, { ask: 'a-1', event: 'progress', stage: 'plan', seconds: 1.5 });
  assert.deepEqual([state.phase, state.stage, state.seconds], ['working', 'plan', 1.5]);
});

test('a failure is shown with its remedy, and the last review stays', () => {
  const before = { ...working, delivery: deliveries[0] };
  const state = heard(before, { ask: 'a-1', event: 'failed', failed: { what: 'No.', remedy: 'Do.' } });
  assert.deepEqual(state.failure, { what: 'No.', remedy: 'Do.' });
  assert.equal(state.delivery, deliveries[0]);
});

test('a kernel that restarts takes its connections and what was running with it, and leaves the review', () => {
  const before = { ...working, delivery: deliveries[0], connections: [{ alias: 'shop' }] };
  const state = withPhase(before, 'restarting');
  assert.deepEqual([state.ask, state.connections, state.delivery], [null, [], deliveries[0]]);
});

test('a proposal replaces its statement wherever it stands in the cell, and nothing else', () => {
  const change = deliveries.flatMap(delivery => delivery.changes).find(each => each.before);
  const cell = `%%backend --analyze\n${change.before}\n-- the end`;
  assert.equal(changed(cell, change.before, change.after), `%%backend --analyze\n${change.after.trim()}\n-- the end`);
});

test('a text that stands in the cell twice, or not at all, is never replaced', () => {
  assert.equal(changed('SELECT 1; SELECT 1', 'SELECT 1', 'SELECT 2'), null);
  assert.equal(changed('SELECT 3', 'SELECT 1', 'SELECT 2'), null);
  assert.equal(changed('SELECT 3', '', 'CREATE INDEX i'), null);
});

test('the lines of a change are those that differ, with one around them', () => {
  assert.deepEqual(
    lines('a\nb\nc\nd', 'a\nb\nX\nd').map(line => line.sign + line.text),
    [' b', '-c', '+X', ' d']
  );
});

test('the pieces of a code are the code', () => {
  for (const change of deliveries.flatMap(delivery => delivery.changes)) {
    assert.equal(pieces(change.after, change.language).map(piece => piece.text).join(''), change.after);
  }
});

test('words in texts and comments are no keywords, and a name in double quotes is no text', () => {
  const kinds = code => pieces(code, 'sql').filter(piece => piece.kind).map(piece => [piece.kind, piece.text]);
  assert.deepEqual(kinds("select 'from' -- where"), [['keyword', 'select'], ['string', "'from'"], ['comment', '-- where']]);
  assert.deepEqual(kinds('"select"'), []);
});

const reviewed = { ...EMPTY, phase: 'ready', delivery: deliveries[0] };
const asking = { ...started(reviewed, 'q-1', 'Answering'), question: 'Why?' };

test('what Claude says is shown as it comes, and gives way to the answer', () => {
  const speaking = heard(asking, { ask: 'q-1', event: 'speech', stage: 'Claude speaks', spoken: [[{ text: 'Because.', mark: '', is_code: false }]] });
  assert.deepEqual([speaking.phase, speaking.spoken[0][0].text, speaking.delivery], ['working', 'Because.', deliveries[0]]);
  const answered = { question: 'Why?', speaker: 'somebody', delivery: deliveries[1], unknown: null };
  const state = heard(speaking, { ask: 'q-1', event: 'done', answered });
  assert.deepEqual([state.phase, state.question, state.spoken, state.answers], ['ready', null, null, [answered]]);
  assert.equal(state.delivery, deliveries[0]);
});

test('an answer that broke off is kept with what broke it', () => {
  const failed = { what: 'The line broke.', remedy: 'Ask again.' };
  const answered = { question: 'Why?', speaker: 'somebody', delivery: deliveries[1], unknown: null };
  const state = heard(asking, { ask: 'q-1', event: 'done', answered, failed });
  assert.deepEqual([state.answers, state.failure], [[answered], failed]);
});

test('answers go with the review that they are about', () => {
  const before = { ...started({ ...reviewed, answers: [{}] }, 'r-2', 'Reviewing') };
  assert.deepEqual(heard(before, { ask: 'r-2', event: 'done', delivery: deliveries[1] }).answers, []);
  assert.deepEqual(heard(before, { ask: 'r-2', event: 'failed', failed: { what: '', remedy: '' } }).answers, [{}]);
});

test('what a consent shows is gone once anything else begins', () => {
  const state = heard(started(reviewed, 'c-1', 'Looking'), { ask: 'c-1', event: 'done', consent: { alias: 'shop' } });
  assert.equal(state.consent.alias, 'shop');
  assert.equal(started(state, 'r-2', 'Reviewing').consent, null);
  assert.equal(withPhase(state, 'restarting').consent, null);
});

test('questions are for a whole review that keeps nothing back', () => {
  const hint = deliveries.find(each => each.drawing.hint);
  assert.equal(isAskable(reviewed), true);
  assert.equal(isAskable({ ...reviewed, delivery: hint }), false);
  assert.equal(isAskable({ ...reviewed, delivery: { ...deliveries[0], number: 0 } }), false);
  assert.equal(isAskable({ ...reviewed, phase: 'restarting' }), false);
  assert.equal(isAskable(EMPTY), false);
  assert.equal(currentOf({ ...EMPTY, connections: [{ alias: 'a', current: false }, { alias: 'b', current: true }] }).alias, 'b');
});

test('a finding leads to a change that stands in the cell', () => {
  for (const { marks, changes } of deliveries) {
    for (const { fix } of marks.filter(each => each.fix !== null)) {
      assert.ok(changes.find(each => each.number === fix).before);
    }
  }
  assert.ok(deliveries.some(each => each.marks.some(mark => mark.fix !== null)));
});

test('a file is named as the notebook’s folder sees it', () => {
  assert.equal(pathFrom('a.ipynb', 'shop.db'), 'shop.db');
  assert.equal(pathFrom('work/a.ipynb', 'work/data/shop.db'), 'data/shop.db');
  assert.equal(pathFrom('work/deep/a.ipynb', 'data/shop.db'), '../../data/shop.db');
  assert.equal(pathFrom('shop.db/a.ipynb', 'shop.db'), '../shop.db');
});

test('a query never runs where the settings say never', () => {
  assert.equal(runs({ analyze: true }, { ...USUAL, analyze: 'never' }), false);
  assert.equal(runs({}, { ...USUAL, analyze: 'never' }), false);
  assert.equal(runs({}, USUAL), null);
  assert.equal(runs({}, { ...USUAL, analyze: 'always' }), true);
});
