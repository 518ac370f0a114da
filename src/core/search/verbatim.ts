import type { Profile } from '../formats/profile';

/**
 * Whether the texts of transcripts stand in the record as strings, as `prefilterOf` asks for. A mapped profile may put
 * a text together from parts, so its records are all read.
 */
export function holdsTextVerbatim(profile: Profile): boolean {
  return profile.reads === 'canonical';
}
