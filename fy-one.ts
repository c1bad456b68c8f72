import { compare } from './test/manifest/fast-yaml/both-ways.ts';
for (const t of ['---\n# c\na: 1\n', '--- # c\na: 1\n', '---\n\n# c\n\n# d\na:\n  - b\n','---\n  # c\na: 1\n', '# x\n---\n# c\n- a: 1\n','--- \na: 1\n', '---\n# c\n{a: 1}\n', '# c\n---\n# d\n', 'a: 1\n# c\n---\n', 'a: 1\n...\n','---\n# c\n','--- # c\n# d\n[a]']) console.log(JSON.stringify(t), compare(t));
