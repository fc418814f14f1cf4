/** Exit codes that scripts may rely on. */
export const EXIT = {
  failed: 1,
  usage: 2,
  notFound: 3,
  noOffer: 4,
  noMoney: 5,
  noMarket: 6,
  password: 7,
  noChain: 8,
  interrupted: 130,
} as const
