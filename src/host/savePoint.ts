/**
 * VS Code's count of a custom document's edits, kept in step with it. It calls a document saved when the number of the
 * newest edit equals the number at the last save; so save, undo, and another decision read as "nothing to save", and
 * closing would lose the decision without a question. This tells when that happens.
 */
export class SavePoint {
  private current = -1;
  private atSave = -1;
  /**
   * Saves whose end the window may not have heard of: an undo may be on its way, and what it leads to is then taken for saved
   * there.
   */
  private unheard = 0;

  /** A new edit. Returns whether VS Code now takes the document for saved although it is not. */
  push(): boolean {
    this.current++;
    return this.current === this.atSave;
  }

  /** An edit was undone (-1) or redone (1). Returns whether VS Code may now take the document for saved. */
  step(by: 1 | -1): boolean {
    this.current += by;
    return this.unheard > 0 || this.current === this.atSave;
  }

  /** All that was done so far is saved. */
  saved(): void {
    this.atSave = this.current;
    this.unheard++;
  }

  /** The window has heard of the end of a save. */
  heard(): void {
    this.unheard--;
  }

  revert(): void {
    this.current = this.atSave;
  }
}
