// What is read of cells and written to them: always by the notebook's own model, so that its history can undo it.

import type { Cell } from '@jupyterlab/cells';
import { NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';

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
