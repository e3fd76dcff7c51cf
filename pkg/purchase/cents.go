package purchase

import (
	"fmt"
	"strconv"
	"strings"

	"headroom/pkg/money"
)

// cents is an amount, rounded to the cent, as whole cents, for dividing fees
// over months without losing any.
func cents(a money.Amount) (int64, error) {
	s := a.Cents().String()
	n, err := strconv.ParseInt(strings.Replace(s, ".", "", 1), 10, 64)
	// share multiplies by up to 240.
	if err != nil || n > maxCents || n < -maxCents {
		return 0, fmt.Errorf("amount %s is more than this program adds up", s)
	}
	return n, nil
}

// maxCents leaves room for multiplying by twice a term in months.
const maxCents = 1 << 53

// fromCents is the inverse of cents.
func fromCents(n int64) money.Amount {
	cent := money.MustAmount("0.01")
	if n < 0 {
		return cent.Times(money.Int(-n)).Neg()
	}
	return cent.Times(money.Int(n))
}

// share is k of n equal parts of an amount in cents ≥ 0, rounded half up:
// differences of consecutive shares are months that sum to the whole.
func share(whole int64, k, n int) int64 {
	return (2*whole*int64(k) + int64(n)) / (2 * int64(n))
}

// dollars is an amount that came out of a float formula, rounded to the cent.
func dollars(x float64) (money.Amount, error) {
	if x < 0 {
		a, err := dollars(-x)
		return a.Neg(), err
	}
	q, err := money.Float(x)
	if err != nil {
		return money.Amount{}, fmt.Errorf("amount of %g dollars", x)
	}
	return money.MustRate("1").Times(q).Cents(), nil
}
