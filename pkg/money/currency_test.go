package money

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Amounts of a currency have the decimals of ISO 4217.
func TestCurrencyDecimals(t *testing.T) {
	for code, want := range map[string]string{"EUR": "1234.57", "JPY": "1235.00", "KWD": "1234.568", "CLF": "1234.5678",
		"XYZ": "1234.57"} {
		require.Equal(t, want, MustAmount("1234.56784").Round(CurrencyDecimals(code)).String())
	}
}
