/** `npm run site -- <command> <stack>`: what an administrator does with a stack beside `pulumi` itself. */
import { accounting, ACCOUNTING_OPTIONS } from "./accounting";
import { handover } from "./handover";
import { recover } from "./recover";
import { trace, TRACE_OPTIONS } from "./trace";

interface Command {
  /** What may stand behind the stack. */
  readonly more: readonly string[];
  /** Whether the command judges what stands there by itself. */
  readonly judges?: true;
  run(stack: string, say: (line: string) => void, ...more: readonly string[]): void | Promise<void>;
}

const commands: Record<string, Command> = {
  accounting: { more: ACCOUNTING_OPTIONS, judges: true, run: accounting },
  handover: { more: ["[FOLDER]"], run: handover },
  recover: { more: [], run: recover },
  trace: { more: TRACE_OPTIONS, judges: true, run: trace },
};

async function main([name, stack, ...more]: readonly string[]): Promise<void> {
  const command = Object.hasOwn(commands, name ?? "") ? commands[name] : undefined;
  const tooMany = command?.judges === undefined && more.length > (command?.more.length ?? 0);
  if (command === undefined || stack === undefined || tooMany) {
    const forms = Object.entries(commands).map(([known, form]) => `  ${[known, "STACK", ...form.more].join(" ")}`);
    console.error(["usage: npm run site -- COMMAND STACK", ...forms].join("\n"));
    process.exit(2);
  }
  await command.run(stack, (line) => console.log(line), ...more);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  // What a program of ours threw says what to do; the way it came is of no use to an administrator.
  console.error((error as Error).message);
  process.exit(1);
});
