// The program behind the SDK: started so that it ends with us, and known by its process.

import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { SpawnOptions } from '@anthropic-ai/claude-agent-sdk'

/** Part of util-linux. Without it a program whose session process was killed goes on by itself for a while. */
const SETPRIV = '/usr/bin/setpriv'
/** SIGTERM, because it ends the commands it runs on that, and not on SIGKILL. */
const WITH_US = ['--pdeathsig', 'TERM']

/** `complain` gets what it prints to its standard error. */
export function startProgram(
  { command, args, cwd, env }: SpawnOptions,
  complain: (text: string) => void,
): ChildProcess {
  const ours = endingWithUs(command, args)
  const child = spawn(ours.program, ours.args, { ...(cwd && { cwd }), env, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stderr.setEncoding('utf8').on('data', complain)
  return child
}

/** The same command, ended by the kernel when this process ends, however that happens. */
export const endingWithUs = (program: string, args: string[]): { program: string; args: string[] } =>
  existsSync(SETPRIV) ? { program: SETPRIV, args: [...WITH_US, program, ...args] } : { program, args }
