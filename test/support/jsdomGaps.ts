/** What jsdom lacks and the webviews use: it lays nothing out, so sizes and scrolling are ours to say. Import first. */

// the toolkit asks for forced colours while it is loaded
window.matchMedia ??= (media: string) =>
  ({ media, matches: false, addListener: () => {}, removeListener: () => {} }) as unknown as MediaQueryList;
const SIZES = { clientHeight: 480, clientWidth: 286, scrollHeight: 100_000_000 };
for (const [name, size] of Object.entries(SIZES)) {
  Object.defineProperty(Element.prototype, name, { configurable: true, get: () => size });
}
Element.prototype.scrollTo = function (this: Element, options?: ScrollToOptions | number) {
  if (typeof options === 'object') this.scrollTop = options.top ?? this.scrollTop;
  this.dispatchEvent(new Event('scroll'));
};
HTMLDialogElement.prototype.showModal = function () {
  this.open = true;
};
HTMLDialogElement.prototype.close = function () {
  this.open = false;
  this.dispatchEvent(new Event('close'));
};
