package money

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Amounts of a currency have the decimals of CLDR: those of ISO 4217, and none where only
// whole units are in use. A code that CLDR does not know has two.
func TestCurrencyDecimals(t *testing.T) {
	for decimals, codes := range map[int][]string{
		0: {"JPY", "KRW", "ISK", "CLP", "UGX", "VND", "XAF", "IDR", "COP", "IQD"},
		2: {"EUR", "USD", "GBP", "CHF", "HUF", "MRU", "SLE", "UYW", "XYZ", "not a code"},
		3: {"KWD", "BHD", "TND"},
		4: {"CLF"},
	} {
		for _, code := range codes {
			require.Equal(t, decimals, CurrencyDecimals(code), code)
		}
	}
}
