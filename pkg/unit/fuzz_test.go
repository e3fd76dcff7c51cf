package unit

import (
	"math"
	"strings"
	"testing"
)

// FuzzParse holds every parser to: no panic, a finite non-negative number or a
// one-line error, agreement with the schema's pattern, and a round trip.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "0", "2MB", "1.5 GiB", "100/min", "1.5Gbit/s", "10ms", "99.9%", "5k", "2 mb",
		"2,5MB", "1e999999999B", "0x1p9", "-1", "NaN", "3\x00MB", "3 \xff", strings.Repeat("9", 400) + "TB"} {
		f.Add(s)
	}
	type checked struct {
		kind
		match func(string) bool
	}
	var all []checked
	for _, k := range kinds() {
		s := compile(f, k)
		all = append(all, checked{k, func(text string) bool { return s.Validate(text) == nil }})
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, k := range all {
			x, err := k.parse(text)
			if (err == nil) != k.match(text) {
				t.Fatalf("%s %q: parser %v disagrees with the schema", k.name, text, err)
			}
			if err != nil {
				if strings.ContainsAny(err.Error(), "\n\r\x00\x1b") {
					t.Fatalf("%s %q: unclean message %q", k.name, text, err)
				}
				continue
			}
			if !(x >= 0) || math.IsInf(x, 0) {
				t.Fatalf("%s %q: %v", k.name, text, x)
			}
			if x >= 1e292 {
				continue
			}
			if y, err := k.parse(k.text(x)); err != nil || y != x {
				t.Fatalf("%s %q: %v prints as %q: %v %v", k.name, text, x, k.text(x), y, err)
			}
		}
	})
}
