/** `npm run site -- <command> <stack>`: what an administrator does with a stack beside `pulumi` itself. */
import { accounting, ACCOUNTING_OPTIONS } from "./accounting";
import { check, CHECK_OPTIONS } from "./check";
import { handover } from "./handover";
import { drain, DRAIN_OPTIONS, replace, REPLACE_OPTIONS } from "./operate";
import { preview, PREVIEW_OPTIONS } from "./preview";
import { recover } from "./recover";
import { status, STATUS_OPTIONS } from "./status";
import { trace, TRACE_OPTIONS } from "./trace";

interface Command {
  /** What it does, in one line. */
  readonly help: string;
  /** What may stand behind the stack. */
  readonly more: readonly string[];
  /** Whether the command judges what stands there by itself. */
  readonly judges?: true;
  run(stack: string, say: (line: string) => void, ...more: readonly string[]): void | Promise<void>;
}

const commands: Record<string, Command> = {
  accounting: {
    help: "core hours of a month by queue, from the site's Prometheus: what APEL should show",
    more: ACCOUNTING_OPTIONS,
    judges: true,
    run: accounting,
  },
  check: {
    help: "after `pulumi up`: are all machines in service, and does one Job per queue, sent as Harvester would, end well",
    more: CHECK_OPTIONS,
    judges: true,
    run: check,
  },
  drain: {
    help: "takes a machine out of service: its pilots end by themselves, the rest moves; --cancel takes it back",
    more: DRAIN_OPTIONS,
    judges: true,
    run: drain,
  },
  handover: {
    help: "writes what the operators of Harvester get for each queue (default folder: handover/STACK)",
    more: ["[FOLDER]"],
    run: handover,
  },
  preview: {
    help: "`pulumi preview` at several times its speed: without the checkpoints that only an update needs",
    more: PREVIEW_OPTIONS,
    judges: true,
    run: preview,
  },
  recover: {
    help: "after a killed `pulumi up`: deletes in the cloud what the state lists as being created",
    more: [],
    run: recover,
  },
  replace: {
    help: "puts a new machine in the place of a worker, drained first unless it is --dead; goes on where it was interrupted",
    more: REPLACE_OPTIONS,
    judges: true,
    run: replace,
  },
  status: {
    help: "every machine: server, node, version, jobs, and what the next `pulumi up` replaces",
    more: STATUS_OPTIONS,
    judges: true,
    run: status,
  },
  trace: {
    help: "who made a Job, where it ran, how it ended, who had a hand in it: from Prometheus and audit logs",
    more: TRACE_OPTIONS,
    judges: true,
    run: trace,
  },
};

function usage(): string {
  const forms = Object.entries(commands).flatMap(([name, { help, more }]) => [
    `  ${[name, "STACK", ...more].join(" ")}`,
    `      ${help}`,
  ]);
  return ["usage: npm run site -- COMMAND STACK", ...forms].join("\n");
}

async function main(args: readonly string[]): Promise<void> {
  // Before anything else: behind a stack it would be taken for the name of a folder.
  if (args.includes("--help")) {
    console.log(usage());
    return;
  }
  const [name, stack, ...more] = args;
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  const tooMany = command?.judges === undefined && more.length > (command?.more.length ?? 0);
  if (command === undefined || stack === undefined || tooMany) {
    console.error(usage());
    process.exit(2);
  }
  await command.run(stack, (line) => console.log(line), ...more);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  // What a program of ours threw says what to do; the way it came is of no use to an administrator.
  console.error((error as Error).message);
  process.exit(1);
});
