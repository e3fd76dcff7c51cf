package money

import "golang.org/x/text/currency"

// CurrencyDecimals is how many decimals amounts of a currency have, by its ISO 4217
// code: those of Unicode CLDR, as golang.org/x/text has them. They are the minor units
// of ISO 4217 where these are in use (yen 0, dinar of Kuwait 3), and 0 where only whole
// units are (Indonesian rupiah, Colombian peso, Iraqi dinar). A code that CLDR does not
// know has 2, as nearly all have.
func CurrencyDecimals(code string) int {
	unit, err := currency.ParseISO(code)
	if err != nil {
		return 2
	}
	decimals, _ := currency.Standard.Rounding(unit)
	return decimals
}
