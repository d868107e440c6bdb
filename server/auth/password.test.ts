import { describe, expect, it } from 'vitest'
import { hashPassword, requireGoodPassword, verifyPassword } from './password'

const refused = (password: string, about: string[] = []) => {
  try {
    requireGoodPassword(password, about)
    return null
  } catch (error) {
    return (error as Error).message
  }
}

describe('a password', () => {
  it.each([
    'brown-kettle-quiet-river',
    'tausend blaue fische tanzen',
    'wc7#Lk2!vPq9$zTx',
    'mill race turns the old wheel',
    '8461 9273 5521 0398 gn',
    'очень длинный пароль',
  ])('may be %s', (password) => {
    expect(refused(password, ['ada@example.com', 'Ada Lovelace'])).toBeNull()
  })

  it.each([
    'passwordpassword',
    'Password12345678!',
    'P@ssw0rd P@ssw0rd',
    'qwertyuiopasdfgh',
    '123456789012345',
    'aaaaaaaaaaaaaaaaaa',
    'abcabcabcabcabcabc',
    'abcdefghijklmnopqr',
    'letmeinletmein1!',
    'adminadminadmin2026',
    'millrace-millrace',
    'welcome summer 2026',
    'correct horse battery staple',
    'ada@example.com1',
    'AdaLovelaceAda2026',
    '---------------',
    '1qaz2wsx3edc4rfv',
  ])('may not be %s', (password) => {
    expect(refused(password, ['ada@example.com', 'Ada Lovelace'])).toBe('This password is one that guessers try first.')
  })

  it('has 15 to 200 characters, counted as people see them', () => {
    expect(refused('too short pass')).toContain('at least 15 characters; this one has 14')
    expect(refused('x'.repeat(201))).toContain('at most 200')
    expect(refused('🐎🔋📎✅🌊🏔🎻🧵🪁🧭🛶🪴🎲🧩🪨')).toBeNull()
  })

  it('is known again however it was typed, and only whole', async () => {
    const hashed = await hashPassword('pässwörter sind köstlich'.normalize('NFC'))
    expect(hashed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await verifyPassword(hashed, 'pässwörter sind köstlich'.normalize('NFD'))).toBe(true)
    expect(await verifyPassword(hashed, 'pässwörter sind köstlic')).toBe(false)
  })

  it('is refused for an account that does not exist, by the same work', async () => {
    expect(await verifyPassword(null, 'no account has this password')).toBe(false)
  })
})
