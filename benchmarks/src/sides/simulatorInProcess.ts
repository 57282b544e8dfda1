import { Simulator } from "@effect-liveperson/simulator"
import { serveWith } from "./simulator.ts"

serveWith(Simulator.layer({ seed: "bench" }))
