/** What the commands say of themselves with --help, and how they end. */
import { parseArgs, type ParseArgsConfig } from "node:util";
import { UsageError } from "./choice";

const CHOICE = `  --policy NAME       only this policy; may be given several times
  --profile LEVEL     only the policies of a level of the Pod Security Standards: baseline or restricted
  --set KEY=JSON      a setting of the pack, e.g. batchPods='"all"'; may be given several times
  --help              this text`;

/** Of `policy:check`. */
export const CHECK_USAGE = `npm run policy:check -- FILE|FOLDER... [options]
Says what the pack finds in manifests (YAML, JSON; several documents, Lists, requests for admission).
  --stack NAME        by the settings and exemptions of this stack
  --namespace NAME    where objects are that name no namespace, as with kubectl apply --namespace
${CHOICE}
Links are followed; of a folder, files that end in .yaml, .yml or .json are read.
Exit code: 0 no mandatory policy is violated; 1 one is, or a file is not readable or no YAML; 2 the command is wrong, or there
is no object.`;

/** Of `policy:corpus`. */
export const CORPUS_USAGE = `npm run policy:corpus -- FOLDER|FILE... [options]
Compares what the pack says about others' manifests with what their authors say: --expect; else test descriptions beside them
(Kyverno's, Chainsaw's, kuttl's, Gatekeeper's "kind: Suite", Kubescape's expected.json); else the words good, pass, success,
allowed, accepted, valid, correct, compliant and their opposites, or violation, in the name of the file (its first word, else its
last such) or of the nearest folder; else in the object's name. Links are followed; what is not read is told.
  --expect good|bad   said of all files
  --together          a file (not each object) is one case; by default it is when objects of different sorts stand in it
  --all               also rows of policies that nothing here is about
${CHOICE}
Without --policy and --profile, a folder or file named like a policy, or like the control of another tool that it stands for, is
about that policy. All other files are about all policies, or, where some folder is named so, are left out: that corpus has a
folder for each check, and they are about something else.
Columns: TP bad and found, TN good and let be, FP good and called bad, FN bad and let be.
Exit code: 0 all verdicts agree; 1 some do not, or a file is not readable or no YAML; 2 the command is wrong, or nothing was
compared.`;

/** Of `policy:preview`. */
export const PREVIEW_USAGE = `npm run policy:preview -- FILE
Judges what \`pulumi preview --json --show-sames\` has written to FILE ("-": standard input) by the policies that the engine
gives a pack too little for: what would be replaced or deleted, and secrets that are none. Settings are those of the stack in it.
  --help              this text
Exit code: 0 no mandatory policy is violated; 1 one is; 2 the command is wrong, or FILE is no preview.`;

/**
 * Reads a command line.
 * @throws UsageError when an option is unknown or has no value
 */
export function readArguments<T extends NonNullable<ParseArgsConfig["options"]>>(argv: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(`${(error as Error).message} (--help tells the options)`);
  }
}

/** Runs a command; what it can not do it says on standard error, with exit code 2. */
export function runCommand(main: (argv: readonly string[]) => number): void {
  try {
    process.exitCode = main(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  }
}
