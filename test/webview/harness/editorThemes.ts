/** The theme variables that the editor's webview reads, as VS Code's default themes set them. */

interface Theme {
  readonly classes: string;
  readonly colours: Readonly<Record<string, string>>;
}

const FONTS = {
  'font-family': 'system-ui, "Ubuntu", "Droid Sans", sans-serif',
  'font-size': '13px',
  'editor-font-family': '"Droid Sans Mono", monospace',
};

const DARK: Theme = {
  classes: 'vscode-dark',
  colours: {
    foreground: '#cccccc',
    descriptionForeground: '#9d9d9d',
    'editor-background': '#1f1f1f',
    'panel-border': '#2b2b2b',
    focusBorder: '#0078d4',
    errorForeground: '#f85149',
    'editorWarning-foreground': '#cca700',
    'gitDecoration-addedResourceForeground': '#81b88b',
    'list-errorForeground': '#f88070',
    'list-warningForeground': '#cca700',
    'textCodeBlock-background': '#2b2b2b',
    'input-background': '#313131',
    'input-foreground': '#cccccc',
    'input-placeholderForeground': '#989898',
    'dropdown-background': '#313131',
    'dropdown-border': '#3c3c3c',
    'settings-dropdownListBorder': '#454545',
    'button-background': '#0078d4',
    'button-foreground': '#ffffff',
    'button-hoverBackground': '#026ec1',
    'button-secondaryBackground': '#313131',
    'button-secondaryForeground': '#cccccc',
    'button-secondaryHoverBackground': '#3c3c3c',
    'icon-foreground': '#cccccc',
    'list-hoverBackground': '#2a2d2e',
    'list-activeSelectionBackground': '#04395e',
    'list-activeSelectionForeground': '#ffffff',
    'list-inactiveSelectionBackground': '#37373d',
    'editor-selectionBackground': '#264f78',
    'editorWidget-background': '#202020',
    'editorHoverWidget-background': '#202020',
    'editorHoverWidget-border': '#454545',
    'progressBar-background': '#0078d4',
  },
};

const LIGHT: Theme = {
  classes: 'vscode-light',
  colours: {
    foreground: '#3b3b3b',
    descriptionForeground: '#3b3b3b',
    'editor-background': '#ffffff',
    'panel-border': '#e5e5e5',
    focusBorder: '#005fb8',
    errorForeground: '#f85149',
    'editorWarning-foreground': '#bf8803',
    'gitDecoration-addedResourceForeground': '#587c0c',
    'list-errorForeground': '#b01011',
    'list-warningForeground': '#855f00',
    'textCodeBlock-background': '#f8f8f8',
    'input-background': '#ffffff',
    'input-foreground': '#3b3b3b',
    'input-placeholderForeground': '#767676',
    'dropdown-background': '#ffffff',
    'dropdown-border': '#cecece',
    'settings-dropdownListBorder': '#cecece',
    'button-background': '#005fb8',
    'button-foreground': '#ffffff',
    'button-hoverBackground': '#0258a8',
    'button-secondaryBackground': '#e5e5e5',
    'button-secondaryForeground': '#3b3b3b',
    'button-secondaryHoverBackground': '#cccccc',
    'icon-foreground': '#3b3b3b',
    'list-hoverBackground': '#f2f2f2',
    'list-activeSelectionBackground': '#e8e8e8',
    'list-activeSelectionForeground': '#000000',
    'list-inactiveSelectionBackground': '#e4e6f1',
    'editor-selectionBackground': '#add6ff',
    'editorWidget-background': '#f8f8f8',
    'editorHoverWidget-background': '#f8f8f8',
    'editorHoverWidget-border': '#c8c8c8',
    'progressBar-background': '#005fb8',
    'transcriptReview-awareness': '#0066b8',
    'transcriptReview-freeToAct': '#3d7a1e',
    'transcriptReview-conflict': '#a85b00',
    'transcriptReview-intent': '#b3184a',
    'transcriptReview-customSpan': '#6a3fc8',
    'transcriptReview-scratchpadBorder': '#6a3fc8',
    'transcriptReview-outputBorder': '#1a7f37',
    'transcriptReview-prefill': '#616161',
  },
};

const CONTRAST_DARK: Theme = {
  classes: 'vscode-high-contrast',
  colours: {
    foreground: '#ffffff',
    descriptionForeground: '#d4d4d4',
    'editor-background': '#000000',
    contrastBorder: '#6fc3df',
    contrastActiveBorder: '#f38518',
    focusBorder: '#f38518',
    errorForeground: '#f48771',
    'editorWarning-foreground': '#ffd370',
    'gitDecoration-addedResourceForeground': '#a1e3ad',
    'input-background': '#000000',
    'input-foreground': '#ffffff',
    'input-placeholderForeground': '#d4d4d4',
    'dropdown-background': '#000000',
    'dropdown-border': '#6fc3df',
    'settings-dropdownListBorder': '#ffffff',
    'button-background': '#000000',
    'button-foreground': '#ffffff',
    'button-border': '#6fc3df',
    'button-secondaryBackground': '#000000',
    'button-secondaryForeground': '#ffffff',
    'icon-foreground': '#ffffff',
    'editor-selectionBackground': '#ffffff',
    'editorWidget-background': '#0c141f',
    'editorHoverWidget-background': '#0c141f',
    'editorHoverWidget-border': '#6fc3df',
    'progressBar-background': '#6fc3df',
    'transcriptReview-scratchpadBorder': '#c3a6ff',
    'transcriptReview-prefill': '#ffffff',
  },
};

const CONTRAST_LIGHT: Theme = {
  // high-contrast light carries both classes (vscode issue 148057)
  classes: 'vscode-high-contrast vscode-high-contrast-light',
  colours: {
    foreground: '#292929',
    descriptionForeground: '#292929',
    'editor-background': '#ffffff',
    contrastBorder: '#0f4a85',
    contrastActiveBorder: '#006bbd',
    focusBorder: '#006bbd',
    errorForeground: '#b5200d',
    'editorWarning-foreground': '#895503',
    'gitDecoration-addedResourceForeground': '#374e06',
    'input-background': '#ffffff',
    'input-foreground': '#292929',
    'input-placeholderForeground': '#292929',
    'dropdown-background': '#ffffff',
    'dropdown-border': '#0f4a85',
    'settings-dropdownListBorder': '#0f4a85',
    'button-background': '#0f4a85',
    'button-foreground': '#ffffff',
    'button-border': '#0f4a85',
    'button-secondaryBackground': '#ffffff',
    'button-secondaryForeground': '#292929',
    'icon-foreground': '#292929',
    'editor-selectionBackground': '#0f4a85',
    'editorWidget-background': '#ffffff',
    'editorHoverWidget-background': '#ffffff',
    'editorHoverWidget-border': '#0f4a85',
    'progressBar-background': '#0f4a85',
    'transcriptReview-awareness': '#00498f',
    'transcriptReview-freeToAct': '#2c5a15',
    'transcriptReview-conflict': '#7a4100',
    'transcriptReview-intent': '#8f0f38',
    'transcriptReview-customSpan': '#4c2a99',
    'transcriptReview-scratchpadBorder': '#4c2a99',
    'transcriptReview-outputBorder': '#0f5323',
    'transcriptReview-prefill': '#292929',
  },
};

const THEMES: ReadonlyMap<string, Theme> = new Map([
  ['dark', DARK],
  ['light', LIGHT],
  ['hc-dark', CONTRAST_DARK],
  ['hc-light', CONTRAST_LIGHT],
]);

/** Does to the page what VS Code does to a webview's page; an unknown name counts as dark. */
export function applyTheme(name: string): void {
  const theme = THEMES.get(name) ?? DARK;
  document.body.className = theme.classes;
  for (const [key, value] of Object.entries({ ...FONTS, ...theme.colours })) {
    document.documentElement.style.setProperty(`--vscode-${key}`, value);
  }
  document.body.style.fontFamily = FONTS['font-family'];
}
