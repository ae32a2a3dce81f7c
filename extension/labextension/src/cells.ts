// What is read of cells and written to them: always by the notebook's own model, so that its history can undo it.

import { StateEffect, StateField, type Extension } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';
import type { Cell } from '@jupyterlab/cells';
import type { CodeMirrorEditor } from '@jupyterlab/codemirror';
import { NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';

import type { Mark } from './drawing';

export function sourceOf(cell: Cell): string {
  return cell.model.sharedModel.getSource();
}

/** Replace a cell's text in one step of its history. */
export function write(cell: Cell, text: string): void {
  cell.model.sharedModel.transact(() => cell.model.sharedModel.setSource(text));
}

/** Insert a code cell below the cell of this id, or below the active one, and make it the active one. */
export function insertBelow(notebook: NotebookPanel, cellId: string | null, text: string): void {
  const place = notebook.content.widgets.findIndex(cell => cell.model.id === cellId);
  if (place >= 0) {
    notebook.content.activeCellIndex = place;
  }
  NotebookActions.insertBelow(notebook.content);
  notebook.content.activeCell?.model.sharedModel.setSource(text);
}

const setMarks = StateEffect.define<readonly Mark[]>();

const markField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setMarks)) {
        return decorate(effect.value, transaction.newDoc.length);
      }
    }
    // What was found is of the text as it was reviewed: the marks go with the first change.
    return transaction.docChanged ? Decoration.none : shown;
  },
  provide: field => EditorView.decorations.from(field)
});

function decorate(marks: readonly Mark[], length: number): DecorationSet {
  const ranges = marks
    .filter(mark => mark.start < mark.end && mark.end <= length)
    .map(mark =>
      Decoration.mark({
        class: `bm-mark bm-mark-${mark.severity}`,
        attributes: { title: `${mark.what} ${mark.instead}` }
      }).range(mark.start, mark.end)
    );
  return Decoration.set(ranges, true);
}

const extension: Extension = markField;

/** Underline the findings in a cell's editor; they go away as soon as the text is changed. */
export function mark(cell: Cell, marks: readonly Mark[]): void {
  const view = (cell.editor as CodeMirrorEditor | null)?.editor;
  if (!view) {
    return;
  }
  const effects: StateEffect<unknown>[] = [setMarks.of(marks)];
  if (!view.state.field(markField, false)) {
    effects.unshift(StateEffect.appendConfig.of(extension));
  }
  view.dispatch({ effects });
}
