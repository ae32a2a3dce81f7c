// What the sidebar knows, without a page to draw it on: one immutable state, and what each event makes of it.

import type { Told } from './channel';
import type { Answered, Connection, Consent, Delivery, Failure, Spoken } from './drawing';

export type Phase = 'no notebook' | 'no kernel' | 'connecting' | 'ready' | 'working' | 'restarting' | 'unreachable';

export interface Pending {
  number: number;
  title: string;
  before: string;
  after: string;
  cellId: string;
  /** The cell's text as it was when the change was shown. */
  text: string;
  language: string;
}

export interface State {
  phase: Phase;
  connections: Connection[];
  /** How many reviews the kernel remembers. */
  reviews: number;
  delivery: Delivery | null;
  /** The cell that the delivery is about. */
  reviewed: { cellId: string; text: string } | null;
  /** Questions about the delivery that were answered, in order. */
  answers: Answered[];
  /** The question that is being answered. */
  question: string | null;
  /** What Claude has said to it by now. */
  spoken: Spoken[][] | null;
  /** What is to be consented to before Claude speaks. */
  consent: Consent | null;
  ask: string | null;
  what: string;
  stage: string;
  /** How often something was shown of this review that still goes on. */
  looks: number;
  seconds: number;
  failure: Failure | null;
  notice: string;
  pending: Pending | null;
  /** A replacement that can be taken back: the text before it and after it. */
  done: { cellId: string; before: string; after: string } | null;
}

export const EMPTY: State = {
  phase: 'no notebook',
  connections: [],
  reviews: 0,
  delivery: null,
  reviewed: null,
  answers: [],
  question: null,
  spoken: null,
  consent: null,
  ask: null,
  what: '',
  stage: '',
  looks: 0,
  seconds: 0,
  failure: null,
  notice: '',
  pending: null,
  done: null
};

/** What stands where no review is yet. */
export const WELCOMES: Record<Phase, string> = {
  'no notebook': 'Open a notebook. The mentor looks at its active cell.',
  'no kernel': 'This notebook has no kernel. Choose one to have its cells reviewed.',
  connecting: 'Connecting to the kernel…',
  restarting: 'The kernel is restarting…',
  unreachable: 'The kernel can not be reached.',
  working: 'The first review of a kernel takes a moment longer.',
  ready:
    'Select a cell with a SQL query, endpoint code, an EXPLAIN plan or a request in plain words, and press Review. Nothing is written to the database, and nothing leaves this machine.'
};

/** What is known of a kernel is forgotten with it; the last review stays to be read. */
export function withPhase(state: State, phase: Phase, failure: Failure | null = null): State {
  const idle = { ask: null, what: '', stage: '', seconds: 0, question: null, spoken: null, consent: null };
  const connections = phase === 'ready' ? state.connections : [];
  return { ...state, ...idle, phase, failure, connections };
}

export function started(state: State, ask: string, what: string): State {
  return { ...state, phase: 'working', ask, what, stage: '', looks: 0, seconds: 0, failure: null, notice: '', pending: null, done: null, consent: null };
}

/** What an event of the kernel changes; one that belongs to something else changes nothing. */
export function heard(state: State, told: Told): State {
  if (told.ask !== state.ask) {
    return state;
  }
  if (told.event === 'progress') {
    return { ...state, stage: told.stage ?? state.stage, seconds: told.seconds ?? state.seconds };
  }
  if (told.event === 'preview') {
    return { ...state, delivery: told.delivery ?? state.delivery, answers: [], looks: state.looks + 1 };
  }
  if (told.event === 'speech') {
    return { ...state, stage: told.stage ?? state.stage, spoken: told.spoken ?? state.spoken };
  }
  const ended: State = {
    ...state,
    phase: 'ready',
    ask: null,
    stage: '',
    question: null,
    spoken: null,
    connections: told.connections ?? state.connections,
    reviews: told.reviews ?? state.reviews
  };
  if (told.event === 'done') {
    const notice = told.works ?? (told.connected ? `Connected to ${told.connected}, read-only.` : '');
    const answers = told.delivery ? [] : told.answered ? [...state.answers, told.answered] : state.answers;
    // An answer that broke off is shown as far as it came, with what broke it.
    return { ...ended, notice, delivery: told.delivery ?? state.delivery, answers, consent: told.consent ?? null, failure: told.failed ?? null };
  }
  if (told.event === 'stopped') {
    return { ...ended, notice: 'Stopped.' };
  }
  return told.event === 'failed' ? { ...ended, failure: told.failed ?? null } : state;
}

/** The connection that is reviewed on. */
export function currentOf(state: State): Connection | undefined {
  return state.connections.find(each => each.current);
}

/** Whether questions can be asked about what is shown: it is a whole review that keeps nothing back. */
export function isAskable(state: State): boolean {
  return !!state.delivery?.number && !!state.delivery.drawing && !state.delivery.drawing.hint && (state.phase === 'ready' || state.phase === 'working');
}

/**
 * The cell's text with a change made, or null where it can not be: what is to be replaced must stand in the cell
 * exactly once, or somebody else's text would change.
 */
export function changed(text: string, before: string, after: string): string | null {
  const wanted = before.trim();
  if (!wanted) {
    return null;
  }
  const place = text.indexOf(wanted);
  if (place < 0 || text.indexOf(wanted, place + 1) >= 0) {
    return null;
  }
  return text.slice(0, place) + after.trim() + text.slice(place + wanted.length);
}

/** Lines of a change as they are shown before it is made: taken out, put in, kept. */
export function lines(before: string, after: string): { sign: '-' | '+' | ' '; text: string }[] {
  const old = before.split('\n');
  const made = after.split('\n');
  let head = 0;
  while (head < old.length && head < made.length && old[head] === made[head]) {
    head++;
  }
  let tail = 0;
  while (tail < old.length - head && tail < made.length - head && old[old.length - 1 - tail] === made[made.length - 1 - tail]) {
    tail++;
  }
  const shown: { sign: '-' | '+' | ' '; text: string }[] = [];
  old.slice(Math.max(0, head - 1), head).forEach(text => shown.push({ sign: ' ', text }));
  old.slice(head, old.length - tail).forEach(text => shown.push({ sign: '-', text }));
  made.slice(head, made.length - tail).forEach(text => shown.push({ sign: '+', text }));
  old.slice(old.length - tail, old.length - tail + 1).forEach(text => shown.push({ sign: ' ', text }));
  return shown;
}
