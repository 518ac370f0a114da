/**
 * What makes two spellings of a name one reviewer: the name in NFC, in lower case of no locale, without white space
 * around it. Lower case comes first, since it may leave text that is not in NFC.
 */
export function reviewerKey(name: string): string {
  return name.toLowerCase().normalize('NFC').trim();
}
