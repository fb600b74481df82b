/** Property values as they travel to the engine: shared with the commands that run the program offline. */
export * from "../../stacks/offline/properties";
