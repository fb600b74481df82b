/** What `npm run policy:corpus` says of itself. */
export const CORPUS_USAGE = `npm run policy:corpus -- FOLDER|FILE... [options]
Compares what the pack says about others' manifests with what their authors say.
  --expect good|bad   said of all files
  --expectations FILE an expectation file of test/corpus/expectations: what the files are about and whether they are good
  --together          a file (not each object) is one case
  --all               also rows of policies that nothing here is about
  --policy NAME       only this policy; may be given several times
  --profile LEVEL     only the policies of a level of the Pod Security Standards: baseline or restricted
  --set KEY=JSON      a setting of the pack, e.g. batchPods='"all"'; may be given several times
  --help              this text
Exit code: 0 all verdicts agree; 1 some do not, or a file is not readable or no YAML; 2 the command is wrong, or nothing was
compared.`;
