import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { TranscriptList } from '../../src/host/transcriptList';
import { inWorker } from '../../src/node/runIndex';
import { newAudit } from './audits';

async function open(path: string) {
  const audit = newAudit(path, inWorker('/work/main/dist/indexWorker.js'));
  const list = new TranscriptList(audit, () => 'ana');
  audit.onChange((change) => {
    if (change.type === 'grown') list.grow(change.first);
    else if (change.type === 'reset') list.apply(list.filter);
  });
  const c0 = process.cpuUsage();
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const before = performance.eventLoopUtilization();
  const start = performance.now();
  const known = audit.readReviews();
  audit.begin();
  const compared = audit.index(new AbortController().signal, known);
  while (audit.dataset.phase !== 'ready') await new Promise((r) => setTimeout(r, 1));
  const indexed = performance.now() - start;
  await known;
  const took = performance.now() - start;
  const { active } = performance.eventLoopUtilization(before);
  const c1 = process.cpuUsage(c0);
  await compared;
  const all = performance.now() - start;
  const { active: active2 } = performance.eventLoopUtilization(before);
  const c2 = process.cpuUsage(c0);
  console.log(
    {
      indexed,
      took,
      active,
      cpu: (c1.user + c1.system) / 1e3,
      all,
      active2,
      cpu2: (c2.user + c2.system) / 1e3,
      max: delays.max / 1e6,
      rss: process.memoryUsage().rss >> 20,
    },
    audit.totals,
  );
  audit.dispose();
}
(async () => {
  for (let i = 0; i < Number(process.argv[3] ?? 1); i++) await open(process.argv[2] as string);
})();
