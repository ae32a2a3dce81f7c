// What the user wants of a review, by the settings and by the button.

export interface Wishes {
  level: 'junior' | 'senior';
  analyze: 'as the database says' | 'always' | 'never';
  /** What a first review connects to; empty for DATABASE_URL, else the demo. */
  alias: string;
  /** What Claude answers in; empty leaves it to Claude. */
  language: string;
  mentor: 'when I say so' | 'never';
  /** The most that one statement may run. */
  seconds: number;
}

/** What is wished where nobody has set anything. */
export const USUAL: Wishes = { level: 'senior', analyze: 'as the database says', alias: '', language: '', mentor: 'when I say so', seconds: 30 };

/** The part of the review that the reader wants to see first. */
export type Part = 'explanation' | 'plan' | 'offer';

export interface Asked {
  hint?: boolean;
  analyze?: boolean;
  part?: Part;
}

/** Whether the query is to run; null leaves it to the database: on the demo it does. */
export function runs(asked: Asked, wishes: Wishes): boolean | null {
  if (asked.analyze !== undefined) {
    return asked.analyze && wishes.analyze !== 'never';
  }
  return wishes.analyze === 'always' ? true : wishes.analyze === 'never' ? false : null;
}
