import type { Profile } from '../formats/profile';

/**
 * Whether the texts of transcripts stand in the record as strings of its JSON, as `prefilterOf` asks for. Where they
 * are put together from parts, or may stand in JSON within a string, every record has to be read.
 */
export function holdsTextVerbatim(profile: Profile): boolean {
  if (profile.reads === 'canonical') return true;
  return (profile.messages ?? []).every((rule) => 'at' in rule && [rule.at].flat().every(isMember));
}

/** A JSON Pointer to a member of the record itself. */
function isMember(pointer: string): boolean {
  return /^\/[^/]*$/.test(pointer);
}
