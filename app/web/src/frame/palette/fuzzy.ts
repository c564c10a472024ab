const WORD_START = 8;
const IN_A_ROW = 5;
const START = 4;

/**
 * Say how well a text fits what was typed: its letters must occur in their order; 0 for a text where they do not.
 * Letters that begin words, or follow each other, count more, so "gj" finds "Go to Jobs" before "Change subject".
 */
export function fit(typed: string, text: string): number {
  const wanted = typed.toLowerCase().replaceAll(" ", "");
  const letters = text.toLowerCase();
  let best = 0;
  for (
    let start = letters.indexOf(wanted.charAt(0));
    start >= 0;
    start = letters.indexOf(wanted.charAt(0), start + 1)
  ) {
    best = Math.max(best, fitFrom(start, wanted, letters));
  }
  return best;
}

function fitFrom(start: number, wanted: string, letters: string): number {
  let score = start === 0 ? START : 0;
  let at = start - 1;
  for (const letter of wanted) {
    const next = letters.indexOf(letter, at + 1);
    if (next < 0) return 0;
    score += 1 + (isWordStart(letters, next) ? WORD_START : 0) + (next === at + 1 ? IN_A_ROW : 0);
    at = next;
  }
  return score - letters.length / 100; // of two that fit alike, the shorter
}

function isWordStart(letters: string, at: number): boolean {
  return at === 0 || letters.charAt(at - 1) === " ";
}
