// Made from the dataclasses of renderers/ and of surfaces/sidebar/messages.py by `python -m tests.generated`.

export interface Delivery {
  number: number;
  name: string;
  conclusion: string;
  drawing: Drawing;
  marks: Mark[];
  changes: Change[];
}

export interface Questions {
  hello: Nothing;
  warm: Nothing;
  history: Nothing;
  review: ReviewWish;
  connect: ConnectWish;
  test: TestWish;
  stop: StopWish;
  show: ShowWish;
  ask: AskWish;
  consent: ConsentWish;
  mentor: MentorWish;
}

export interface Told {
  ask: string;
  event: Event | null;
  failed: Failure | null;
  started: boolean | null;
  stopping: boolean | null;
  stage: string | null;
  seconds: number | null;
  version: string | null;
  connections: Connection[] | null;
  reviews: number | null;
  delivery: Delivery | null;
  connected: string | null;
  works: string | null;
  notes: string[] | null;
  history: Entry[] | null;
  consent: Consent | null;
  spoken: Spoken[][] | null;
  answered: Answered | null;
}

export interface Drawing {
  page: Page;
  spoken: Spoken[][][];
  remarks: string[][];
  hint: boolean;
  explains: boolean;
  kept_back: string;
  no_escalation: string;
}

export interface Mark {
  start: number;
  end: number;
  severity: string;
  rule: string;
  what: string;
  instead: string;
  fix: number | null;
}

export interface Change {
  number: number;
  title: string;
  before: string;
  after: string;
  language: string;
}

export interface Nothing {
}

export interface ReviewWish {
  text: string;
  name: string;
  level: string;
  hint: boolean;
  analyze: boolean | null;
  alias: string;
  milliseconds: number | null;
}

export interface ConnectWish {
  target: string;
  alias: string;
}

export interface TestWish {
  target: string;
}

export interface StopWish {
  of: string;
}

export interface ShowWish {
  number: number;
  level: string;
}

export interface AskWish {
  question: string;
  number: number;
  level: string;
  language: string;
}

export interface ConsentWish {
  question: string;
  number: number;
  language: string;
}

export interface MentorWish {
  on: boolean;
  alias: string;
}

export type Event = 'progress' | 'preview' | 'speech' | 'done' | 'failed' | 'stopped';

export interface Failure {
  what: string;
  remedy: string;
}

export interface Connection {
  alias: string;
  name: string;
  engine: string;
  current: boolean;
  mentored: boolean;
}

export interface Entry {
  number: number;
  name: string;
  conclusion: string;
}

export interface Consent {
  alias: string;
  database: string;
  host: string;
  speaker: string;
  price: string;
  request: string;
  missing: Failure | null;
}

export interface Spoken {
  text: string;
  mark: string;
  is_code: boolean;
}

export interface Answered {
  question: string;
  speaker: string;
  delivery: Delivery | null;
  unknown: Failure | null;
}

export interface Page {
  header: string[];
  notes: string[];
  outlines: Outline[];
  footer: string[];
}

export interface Outline {
  heading: string | null;
  statement: string;
  failure: string | null;
  conclusion: string;
  narrative: Narrative | null;
  summary: string | null;
  steps: [string, string][];
  notices: Notice[];
  offers: Offer[];
  tempting: Rejection[];
  useless: Rejection[];
  plan: PlanPicture | null;
  run: RunPicture | null;
  questions: [string, string][];
  escalations: [string, string][];
  skipped: string[];
  hints: string[];
  names: string[];
  is_request: boolean;
}

export interface Narrative {
  passages: Passage[];
  speaker: string;
  notices: string[];
}

export interface Notice {
  mark: string;
  severity: string;
  rule: string;
  what: string;
  lines: [string, string][];
}

export interface Offer {
  number: number;
  heading: string;
  title: string;
  name: string;
  mark: string;
  verdict: string;
  diff: DiffLine[];
  after: string;
  gain: Gain | null;
  lines: [string, string][];
  depth: [string, string][];
  language: string;
  whole: string;
  excerpt: string;
  is_part: boolean;
}

export interface Rejection {
  title: string;
  name: string;
  verdict: string;
  refuted: boolean;
  code: string;
  reason: string;
  exhibits: Exhibit[];
  clauses: string[];
}

export interface PlanPicture {
  lines: PlanLine[];
  unit: string | null;
  totals: string[];
  hidden: string | null;
  notes: string[];
  source: string;
  vocabulary: [string, string][];
}

export interface RunPicture {
  lines: RunLine[];
  growth: Grid | null;
  notes: string[];
}

export interface Passage {
  text: string;
  unverified: string[];
  is_code: boolean;
  begins_paragraph: boolean;
}

export interface DiffLine {
  sign: Sign;
  text: string;
}

export interface Gain {
  before: Bar;
  after: Bar;
  better: boolean;
}

export interface Exhibit {
  sentence: string;
  tables: Grid[];
  before: Grid | null;
  after: Grid | null;
  origin: string | null;
  compact: Grid | null;
}

export interface PlanLine {
  level: number;
  depth: number;
  last: boolean[];
  skips: number;
  title: string;
  label: string;
  estimated: string | null;
  real: string | null;
  share: number | null;
  costly: boolean;
  figures: string[];
  conditions: [string, string][];
}

export interface RunLine {
  mark: string;
  head: string;
  details: string[];
}

export interface Grid {
  name: string;
  columns: string[];
  rows: string[][];
  remark: string | null;
}

export type Sign = '-' | '+' | ' ' | '…';

export interface Bar {
  label: string;
  figure: string;
  share: number;
}
