/**
 * Registers the few elements of the UI toolkit that we use. The toolkit is archived: this folder is its only
 * importer and the only place that writes its tags, so that another set of elements can take its place here.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextArea,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { shortened, visible } from '../../../src/core/invisible';
import { LINES_ROOM } from '../pieces';

provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodeTextArea(),
  vsCodeTextField(),
);

/**
 * Puts ARIA attributes where a screen reader looks for them: on the control inside the shadow root. The
 * toolkit leaves them on its own element too (and names every text field "Text field"), which has no role.
 */
export function labelControl(element: HTMLElement, aria: Readonly<Record<string, string | null>>): void {
  const control = element.shadowRoot?.querySelector('.control');
  if (!control) return;
  for (const [name, value] of Object.entries(aria)) {
    element.removeAttribute(name);
    if (value === null) control.removeAttribute(name);
    else control.setAttribute(name, visible(shortened(value, LINES_ROOM)));
  }
}
