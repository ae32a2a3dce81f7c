// Made from the dataclasses of renderers/ by `python -m tests.generated`.

export interface Delivery {
  number: number;
  name: string;
  conclusion: string;
  drawing: Drawing;
  marks: Mark[];
  changes: Change[];
}

export interface Drawing {
  page: Page;
  spoken: Spoken[][][];
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
}

export interface Change {
  number: number;
  title: string;
  before: string;
  after: string;
  language: string;
}

export interface Page {
  header: string[];
  notes: string[];
  outlines: Outline[];
  footer: string[];
}

export interface Spoken {
  text: string;
  mark: string;
  is_code: boolean;
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
