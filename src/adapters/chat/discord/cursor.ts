// How far the messages of people were read. It moves only over messages that were handled, never past one that still is, and not
// at all while what was missed is being read. Ids of messages are in the order of time. Pure but for what it is told to say.

type Id = bigint

export function cursor(reached: (id: string) => void) {
  const busy = new Set<Id>()
  let done: Id[] = []
  let at: Id = 0n
  /** While there is a gap, nothing after it counts. */
  let gaps = 0

  function move(): void {
    if (gaps > 0) return
    const first = [...busy].reduce<Id | null>((least, id) => (least === null || id < least ? id : least), null)
    const passed = done.filter((id) => first === null || id < first)
    const furthest = passed.reduce((most, id) => (id > most ? id : most), at)
    done = done.filter((id) => first !== null && id >= first)
    if (furthest <= at) return
    at = furthest
    reached(String(furthest))
  }

  return {
    begins: (id: string) => void busy.add(BigInt(id)),
    /** `handled` false: it is still to be read again, so a gap opens; whoever reads what was missed closes it. */
    ends(id: string, handled: boolean): void {
      busy.delete(BigInt(id))
      if (handled) done.push(BigInt(id))
      else gaps += 1
      move()
    },
    /** It was none of ours. */
    leaves(id: string): void {
      busy.delete(BigInt(id))
      move()
    },
    opens: () => void (gaps += 1),
    closes(all: number): void {
      gaps = Math.max(0, gaps - all)
      move()
    },
    gaps: () => gaps,
  }
}
