// What was found, in the cell's editor: CodeMirror's own diagnostics, with a fix that is shown before it is made.

import { setDiagnostics, setDiagnosticsEffect, diagnosticCount, type Diagnostic } from '@codemirror/lint';
import { EditorState, StateEffect, StateField } from '@codemirror/state';
import type { Cell } from '@jupyterlab/cells';
import type { CodeMirrorEditor } from '@jupyterlab/codemirror';

import type { Mark } from './drawing';
import { element, prose } from './elements';

const SEVERITIES: Record<string, Diagnostic['severity']> = { critical: 'error', warning: 'warning' };

/** What was found is of the text as it was reviewed: the marks go with the first change. */
const fleeting = EditorState.transactionExtender.of(transaction =>
  transaction.docChanged && diagnosticCount(transaction.startState) ? { effects: setDiagnosticsEffect.of([]) } : null
);
const isPrepared = StateField.define<boolean>({ create: () => true, update: value => value, provide: () => fleeting });

export interface FixActions {
  label: string;
  fix: (number: number) => void;
}

/** Underline the findings in a cell's editor; each tells what it is, and offers its fix where there is one. */
export function mark(cell: Cell, marks: readonly Mark[], actions: FixActions): void {
  const view = (cell.editor as CodeMirrorEditor | null)?.editor;
  if (!view) {
    return;
  }
  if (view.state.field(isPrepared, false) === undefined) {
    view.dispatch({ effects: StateEffect.appendConfig.of(isPrepared) });
  }
  const { length } = view.state.doc;
  const shown = marks.filter(each => each.start < each.end && each.end <= length).map(each => diagnosticOf(each, actions));
  view.dispatch(setDiagnostics(view.state, shown));
}

/** The finding at the cursor that has a fix, else the first that has one. */
export function fixable(cell: Cell, marks: readonly Mark[]): Mark | undefined {
  const cursor = (cell.editor as CodeMirrorEditor | null)?.editor.state.selection.main.head ?? -1;
  const fixed = marks.filter(each => each.fix !== null);
  return fixed.find(each => each.start <= cursor && cursor <= each.end) ?? fixed[0];
}

function diagnosticOf(mark: Mark, actions: FixActions): Diagnostic {
  const { fix } = mark;
  return {
    from: mark.start,
    to: mark.end,
    severity: SEVERITIES[mark.severity] ?? 'info',
    source: mark.rule,
    message: `${mark.what} ${mark.instead}`,
    markClass: `bm-mark bm-mark-${mark.severity}`,
    renderMessage: () => element('span', 'bm-diagnostic', element('b', '', prose(mark.what)), ' ', prose(mark.instead)),
    actions: fix === null ? [] : [{ name: actions.label, apply: () => actions.fix(fix) }]
  };
}
