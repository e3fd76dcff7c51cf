package money

import (
	"encoding/json"
	"strings"
	"testing"
)

func seeds(f *testing.F) {
	for _, s := range []string{"", "0", "1227.60", "$5,000.00", "-$3", "1,5", "--5", "1e999999999", "0x1p9", "NaN",
		"5.", ".5", "\x00", strings.Repeat("9", 100), "0." + strings.Repeat("0", 37) + "1"} {
		f.Add(s)
	}
}

// FuzzParseAmount: no panic, and what is accepted prints as something that is
// read back as the same amount and is a JSON number.
func FuzzParseAmount(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ParseAmount(text)
		if err != nil {
			return
		}
		b, err := json.Marshal(a)
		if err != nil || !json.Valid(b) {
			t.Fatalf("%q: %s %v", text, b, err)
		}
		if len(a.String()) > maxDigits {
			return // the whole cents that printing adds go beyond what is read
		}
		if back, err := ParseAmount(a.String()); err != nil || !back.Equal(a) {
			t.Fatalf("%q: %s, %s %v", text, a, back, err)
		}
	})
}

// FuzzParseRate holds prices to the same, and to be non-negative.
func FuzzParseRate(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseRate(text)
		if err != nil {
			return
		}
		if r.Cmp(Rate{}) < 0 {
			t.Fatalf("%q is %s", text, r)
		}
		if len(r.String()) > maxDigits {
			return
		}
		if back, err := ParseRate(r.String()); err != nil || !back.Equal(r) {
			t.Fatalf("%q: %s, %s %v", text, r, back, err)
		}
	})
}
