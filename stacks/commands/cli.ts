/** `npm run site -- <command> <stack>`: what an administrator does with a stack beside `pulumi` itself. */
import { handover } from "./handover";
import { recover } from "./recover";

interface Command {
  /** What may stand behind the stack. */
  readonly more: readonly string[];
  run(stack: string, say: (line: string) => void, ...more: readonly string[]): void;
}

const commands: Record<string, Command> = {
  handover: { more: ["[FOLDER]"], run: handover },
  recover: { more: [], run: recover },
};

const [name, stack, ...more] = process.argv.slice(2);
const command = Object.hasOwn(commands, name ?? "") ? commands[name] : undefined;
if (command === undefined || stack === undefined || more.length > command.more.length) {
  const forms = Object.entries(commands).map(([known, form]) => `  ${[known, "STACK", ...form.more].join(" ")}`);
  console.error(["usage: npm run site -- COMMAND STACK", ...forms].join("\n"));
  process.exit(2);
}
try {
  command.run(stack, (line) => console.log(line), ...more);
} catch (error) {
  // What a program of ours threw says what to do; the way it came is of no use to an administrator.
  console.error((error as Error).message);
  process.exit(1);
}
