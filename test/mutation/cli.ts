/** `npm run test:mutation -- policies`: changes each condition of the policies, one at a time, and reports what no fixture catches. */
import { parseArgs } from "node:util";

const USAGE = `npm run test:mutation -- policies [--only TEXT] [--sample NUMBER] [--record]
Changes each condition of the policies, one at a time, and puts the fixtures to the changed policy: one of them must fail.
  --only TEXT      only files of policies whose path holds this text
  --sample NUMBER  only so many files, drawn anew whenever a policy changes
  --record         writes what is not caught into test/mutation/uncaught.json; reasons that stand there stay
  --help           this text
Exit code: 0 every mutant is caught or stands in uncaught.json; 1 one is not and does not, or stands there and is caught; 2 the command is wrong.`;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      only: { type: "string", default: "" },
      sample: { type: "string" },
      record: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const { only, sample, record } = values;
  if (positionals.join() !== "policies" || (sample !== undefined && !/^[1-9]\d*$/.test(sample))) {
    throw new Error(USAGE);
  }
  // Stryker's packages are modules of the other kind.
  const { mutate } = await import("./run.mjs");
  return mutate({ only, record, ...(sample === undefined ? {} : { sample: Number(sample) }) });
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
