/** What the commands say of themselves with --help, and how they end. */
import { parseArgs, type ParseArgsConfig } from "node:util";
import { UsageError } from "./choice";

/** Of `policy:check`. */
export const CHECK_USAGE = `npm run policy:check -- FILE|FOLDER|-... [options]
Judges manifests: YAML or JSON, several documents, Lists, requests for admission; - is standard input, e.g. helm template … |.
Paths are relative to the folder that you are in. Of a folder, files that end in .yaml, .yml or .json are read; links are followed.
Which policies, by which settings:
  --only NAME         only this policy
  --exclude NAME      without this policy
  --severity LEVEL    without policies of a lower severity: low, medium, high or critical
  --lower NAME        this policy is advisory: it is reported and does not fail
  --profile LEVEL     only the policies of a level of the Pod Security Standards: baseline or restricted
  --stack NAME        by the settings and exemptions of this stack
  --namespace NAME    where objects are that name no namespace, as with kubectl apply --namespace
  --set KEY=JSON      a setting of the pack, e.g. batchPods='"all"'
  --kubernetes-version 1.36  also: unknown fields, values of a wrong type and missing fields, by the API of this version
What is known or allowed:
  --exemptions FILE   exemptions by patterns of files, kinds, namespaces and names
  --baseline FILE     findings in it do not fail, new ones do
  --write-baseline FILE  writes all findings to it, and exits with 0
  --allow-no-objects  exits with 0 where no object is found
How it is reported:
  --output FORMAT     text, json, sarif (2.1.0), junit or github (annotations); default text
  --quiet             only what fails, and nothing where nothing does (text, github)
  --all               every finding; by default ten for each policy are listed (text)
  --docs URL          where the folder docs is published; default: the one on disk
  --help              this text
--only, --exclude, --lower, --set and --exemptions may be given several times; of the first three a list with commas, too.
An object exempts itself by an annotation: atlas-site/exempt.POLICY: "a reason of at least 20 letters (until YYYY-MM-DD)".
Exit code: 0 no mandatory finding counts; 1 one does, or a file is not readable or no YAML; 2 the command is wrong, or there is
no object.`;

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

/** Runs a command; what it cannot do it says on standard error, with exit code 2. */
export function runCommand(main: (argv: readonly string[]) => number): void {
  try {
    process.exitCode = main(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  }
}
