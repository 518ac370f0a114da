/** What the UI toolkit asks of a browser and jsdom lacks; import it before anything that imports the toolkit. */
Object.assign(window, {
  matchMedia: (media: string) => ({ media, matches: false, addListener: () => {}, removeListener: () => {} }),
});
