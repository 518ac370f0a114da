const vscode = require('vscode');

/**
 * A file named when VS Code starts is opened before it has read which extensions there are, hence as text the first
 * time; so the dataset is opened from here. The panel goes first, for the editor to end up with the focus.
 */
exports.activate = async () => {
  const [dataset] = await vscode.workspace.findFiles('*.transcripts.jsonl', null, 1);
  if (dataset === undefined) return;
  await vscode.commands.executeCommand('transcriptReview.metrics.focus');
  await vscode.commands.executeCommand('vscode.openWith', dataset, 'transcriptReview.editor');
};
