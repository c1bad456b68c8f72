import fc from 'fast-check';
import { compare } from './test/manifest/fast-yaml/both-ways.ts';
import { madeTexts, mutatedTexts } from './test/manifest/fast-yaml/texts.ts';
import { projectTexts, ruleTexts, suiteTexts } from './test/manifest/fast-yaml/corpus.ts';
const corpus = [...suiteTexts(), ...ruleTexts(), ...projectTexts().filter(f => f.text.length < 200000)].map(c => c.text);
console.log(corpus.length);
for (const [name, arb] of [['made', madeTexts()], ['mutated', mutatedTexts(corpus)]] as const) {
  const n: any = {}; const why: any = {}; const t = Date.now();
  const r = fc.check(fc.property(arb, (text) => { if (/\r(?!\n)|[^\P{Cc}\t\n\r\u0085]|\p{Surrogate}|\ufeff/u.test(text)) return; const c = compare(text); n[c.kind] = (n[c.kind] ?? 0) + 1; if (c.kind === 'left') why[c.why] = (why[c.why]??0)+1; if (c.kind === 'different') throw new Error(c.what); }), { numRuns: +(process.argv[2] ?? 20000), seed: +(process.argv[3] ?? 1) });
  console.log(name, n, Date.now() - t, 'ms', Object.entries(why).sort((a: any,b: any)=>b[1]-a[1]).map(([k,v])=>k+' '+v).join(', '));
  if (r.failed) console.log('FAILED', JSON.stringify(r.counterexample), (r as any).errorInstance?.message, r.numRuns);
}
