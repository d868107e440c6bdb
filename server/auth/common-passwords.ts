/** What the lists of leaked passwords hold over and over; long ones are these repeated, lengthened or joined. */
const words = new Set(
  `password passw0rd p@ssword p@ssw0rd pass passwort motdepasse contrasena senha parola haslo wachtwoord secret geheim letmein welcome
  admin administrator root user guest test testing default changeme qwerty qwertz azerty qwertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm
  iloveyou loveme princess sunshine monkey dragon football baseball basketball superman batman master shadow michael jordan jennifer
  trustno1 starwars whatever freedom hello hallo login abc abcd abc123 1q2w3e 1q2w3e4r 1qaz2wsx qazwsx zaq12wsx computer internet
  millrace workflow samsung google facebook microsoft apple summer winter spring autumn january february march april june july august
  september october november december monday friday sunday correct horse battery staple correcthorsebatterystaple`
    .split(/\s+/)
    .filter(Boolean),
)
const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
]

export function isCommonPassword(password: string, about: readonly string[] = []): boolean {
  const plain = password.normalize('NFKC').toLowerCase()
  const known = [
    ...words,
    ...about.flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u)).filter((part) => part.length > 2),
    ...about.map((text) => text.toLowerCase()),
  ]
  return isRepeated(plain) || isAlongARow(plain) || leftOver(plain, known) < 6
}

/** `abcabcabcabcabc`, `aaaaaaaaaaaaaaa`: a short piece again and again. */
function isRepeated(text: string): boolean {
  for (let size = 1; size <= Math.min(8, text.length / 2); size++) {
    if (
      text ===
      text
        .slice(0, size)
        .repeat(Math.ceil(text.length / size))
        .slice(0, text.length)
    )
      return true
  }
  return false
}

function isAlongARow(text: string): boolean {
  const reversed = [...text].reverse().join('')
  return rows.some((row) => `${row}${row}`.includes(text) || `${row}${row}`.includes(reversed))
}

/** How many letters remain when known words, digits and signs are taken out, counted without repetition. */
function leftOver(text: string, known: readonly string[]): number {
  let rest = unleet(text)
  for (const word of [...known].sort((one, other) => other.length - one.length))
    if (word.length > 2) rest = rest.replaceAll(unleet(word), ' ')
  const kept = rest.replaceAll(/[\d\s\p{P}\p{S}]/gu, '')
  // Random digits and signs are worth something too: a password of only those is judged by how many differ.
  return kept.length > 0 || /\p{L}/u.test(text) ? kept.length + countRandomDigits(rest) : new Set(text).size
}

function countRandomDigits(rest: string): number {
  return Math.floor((rest.match(/\d/g) ?? []).length / 3)
}

function unleet(text: string): string {
  return text
    .replaceAll('@', 'a')
    .replaceAll('$', 's')
    .replaceAll(/(?<=\p{L})0|0(?=\p{L})/gu, 'o')
}
