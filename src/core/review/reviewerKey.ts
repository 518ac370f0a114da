/**
 * What tells one reviewer from another: the name in NFC, trimmed, in lower case whatever the language of the machine.
 * Several spellings of one key are one person.
 */
export function reviewerKey(name: string): string {
  return name.normalize('NFC').trim().toLowerCase();
}
