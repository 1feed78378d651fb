/** What an issuer of campaigns allows: its holders load more in a day than one in life. */
export const generous = { cardDailyLoad: { EUR: '1000000.00' }, holderDailyLoad: { EUR: '1000000.00' } };
