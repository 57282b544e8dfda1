import { styleText } from "node:util"

/** Coloured where standard output is a terminal that shows colours, and plain elsewhere. */
const style =
  (format: Parameters<typeof styleText>[0]) =>
  (text: string): string =>
    styleText(format, text, { stream: process.stdout })

export const bold = style("bold")
export const cyan = style("cyan")
export const dim = style("dim")
export const green = style("green")
export const magenta = style("magenta")
export const red = style("red")
export const yellow = style("yellow")

/** The same for what is written to standard error. */
export const alert = (text: string): string => styleText("red", text, { stream: process.stderr })
