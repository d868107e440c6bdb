/** Before an amount whose currency only the organization knows: a definition says `¤0.50`, whoever shows it puts the currency there. */
export const someCurrency = '¤'
