/** The same with Effect's compiler of schemas, which a program switches on by this import. */
await import("effect/schema/SchemaJITCompiler/enable")
await import("./codecCore.ts")
