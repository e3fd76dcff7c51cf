package money

// CurrencyDecimals is how many decimals amounts of a currency have, by its ISO 4217
// code: the minor unit of ISO 4217, list one, as of 2024. Nearly all have 2, which is
// taken for codes that the list does not have.
func CurrencyDecimals(code string) int {
	switch code {
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
		"XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	case "CLF", "UYW":
		return 4
	}
	return 2
}
