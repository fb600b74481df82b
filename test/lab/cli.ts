/**
 * `npm run lab [-- command]`: the cloud in a box. Each command is safe to repeat; what it needs is loaded when it is
 * asked for, so that `down` works however broken the rest may be.
 */
type Log = (line: string) => void;

interface Command {
  help: string;
  /** True when words may follow it. */
  words?: boolean;
  /** False, or an error, makes the exit code 1. */
  run(log: Log, args: string[]): Promise<boolean | void>;
}

const commands: Record<string, Command> = {
  run: {
    help: "lab up, `pulumi up` of the lab's stack, one pilot Job to its end (what a bare `npm run lab` does)",
    run: async (log) => (await import("./site/mainJob.js")).run(log),
  },
  rebuild: {
    help: "the same with every machine replaced; keys and kubeconfigs stay",
    run: async (log) => (await import("./site/mainJob.js")).rebuild(log),
  },
  destroy: {
    help: "`pulumi destroy`; proves that the cloud is empty again",
    run: async (log) => (await import("./site/mainJob.js")).destroy(log),
  },
  up: {
    help: "OpenStack alone; ATLAS_LAB_DRIVER=fake for machines that only pretend",
    run: async (log) => void (await (await import("./lab.js")).labUp(log)),
  },
  down: {
    help: "ends the lab; nothing of it stays but the cache",
    run: async (log) => (await import("./lab.js")).labDown(log),
  },
  status: {
    help: "services, machines, load balancers, and what the project owns in the cloud",
    run: async () => (await import("./commands/status.js")).status(),
  },
  logs: {
    help: "[service|machine] [-f]: names of all logs, or the end of one",
    words: true,
    run: async (_, args) => (await import("./commands/logs.js")).logs(args),
  },
  shell: {
    help: "[command...]: inside the lab's network, with openstack, pulumi and kubectl ready",
    words: true,
    run: async (_, args) => (await import("./commands/shell.js")).shell(args),
  },
  figures: {
    help: "[folder]: draws Figure 1 and the batch figures of this run as SVG, from the lab's Prometheus",
    words: true,
    run: async (log, args) => (await import("./figures/draw.js")).figures(log, args),
  },
  check: {
    help: "self-test of the cloud: load balancers, floating addresses, a machine's life",
    run: async () => (await import("./commands/check.js")).check(),
  },
};

// `npm run lab -- status | head` closes the pipe early: that is no error of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

async function main(): Promise<void> {
  const [name = "run", ...args] = process.argv.slice(2);
  const command = commands[name];
  const asked = name === "help" || [name, args[0]].some((word) => word === "-h" || word === "--help");
  // They make and unmake whole sites: a word that one does not know is no reason to begin.
  const unknown = command?.words === true ? undefined : args[0];
  if (!command || asked || unknown !== undefined) {
    const width = Math.max(...Object.keys(commands).map((c) => c.length));
    const lines = Object.entries(commands).map(([c, { help }]) => `  ${c.padEnd(width)}  ${help}`);
    const why = command
      ? `npm run lab -- ${name}: takes no word, not "${unknown}"`
      : `npm run lab: no command "${name}"`;
    (asked ? console.log : console.error)([...(asked ? [] : [why]), "npm run lab -- command", ...lines].join("\n"));
    process.exitCode = asked ? 0 : 2;
    return;
  }
  const begun = Date.now();
  const log = (line: string) => console.log(`[lab ${((Date.now() - begun) / 1000).toFixed(1).padStart(6)} s] ${line}`);
  if ((await command.run(log, args)) === false) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  // Builds may still run beside what failed; they end with this process, and the next run continues them.
  process.exit(1);
});
