/** What a program asks of the engine, recorded: shared with the commands that run it offline. */
export * from "../../stacks/offline/recorder";
