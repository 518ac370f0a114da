/**
 * VS Code's count of a custom document's edits, kept in step with it. It calls a document saved when the number of the
 * newest edit equals the number at the last save; so save, undo, and another decision read as "nothing to save", and
 * closing would lose the decision without a question. This tells when that happens.
 */
export class SavePoint {
  private current = -1;
  private atSave = -1;
  /** An undo may have been on its way when the save ended: VS Code takes what it leads to for saved. */
  private mayHaveCrossed = false;

  /** A new edit. Returns whether VS Code now takes the document for saved although it is not. */
  push(): boolean {
    this.current++;
    this.mayHaveCrossed = false;
    return this.current === this.atSave;
  }

  /** An edit was undone (-1) or redone (1). Returns whether VS Code may now take the document for saved. */
  step(by: 1 | -1): boolean {
    this.current += by;
    const crossed = this.mayHaveCrossed;
    this.mayHaveCrossed = false;
    return crossed || this.current === this.atSave;
  }

  /** All that was done so far is saved. */
  saved(): void {
    this.atSave = this.current;
    this.mayHaveCrossed = true;
  }

  revert(): void {
    this.current = this.atSave;
  }
}
