/** Names and reasons can come from a dataset; what VS Code makes of text in its own controls is not theirs to use. */

/** For a notification, which turns `[text](command:…)` into a link that runs a command. */
export function withoutLinks(text: string): string {
  return text.replaceAll('](', '] (');
}

/** For a quick pick, which turns `$(name)` into an icon. */
export function withoutIcons(text: string): string {
  return text.replaceAll('$(', '$ (');
}
