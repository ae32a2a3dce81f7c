// SQL and Python in the colours of the editor's theme: enough of their grammar to tell words from text.

const SQL =
  'all analyze and any as asc between by case cast check collate constraint create cross current_date current_timestamp default delete desc distinct else end escape except exists explain filter first following foreign from full group having in index inner insert intersect into is join key last lateral left like limit materialized natural not null nulls offset on or order outer over partition preceding primary range recursive references returning right row rows select set table then true false unbounded union unique update using values view when where window with';
const PYTHON =
  'and as assert async await break class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return try while with yield True False None';

const KEYWORDS: Record<string, ReadonlySet<string>> = { sql: new Set(SQL.split(' ')), python: new Set(PYTHON.split(' ')) };
// In each: text, comment, number, word. A name in double quotes is a name in SQL and a text in Python.
const TOKENS: Record<string, RegExp> = {
  sql: /('(?:[^']|'')*')|(--[^\n]*|\/\*[\s\S]*?\*\/)|(\b\d+(?:\.\d+)?\b)|("(?:[^"]|"")*"|\b[A-Za-z_]\w*\b)/g,
  python: /("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(#[^\n]*)|(\b\d+(?:\.\d+)?\b)|(\b[A-Za-z_]\w*\b)/g
};

/** Which of the theme's colours a piece of code has, or none. */
export interface Piece {
  text: string;
  kind: 'string' | 'comment' | 'number' | 'keyword' | '';
}

/** The pieces of a code, which joined are the code. */
export function pieces(code: string, language: string): Piece[] {
  const found: Piece[] = [];
  const words = KEYWORDS[language] ?? new Set<string>();
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
export function highlight(code: string, language: string): DocumentFragment {
  const made = document.createDocumentFragment();
  for (const { text, kind } of pieces(code, language)) {
    if (kind) {
      const span = document.createElement('span');
      span.className = `bm-${kind}`;
      span.textContent = text;
      made.append(span);
    } else {
      made.append(text);
    }
  }
  return made;
}
