package workload

import (
	"fmt"
	"strings"

	"headroom/pkg/unit"
)

// FanOut is to how many subscribers each call of an edge goes: so many whatever the
// users, or a part of the users that are there at the peak. What follows the users
// twice grows with their square: each of twice as many users is told of twice as
// many events.
type FanOut struct {
	Times float64 // subscribers
	Part  float64 // of the users, in addition

	stated bool // the profile says so; else every call goes to one
}

// perUser begins a fan-out that is a part of the users.
const perUser = "users*"

// ParseScalar reads "12" or "users*2%".
func (f *FanOut) ParseScalar(s string) error {
	f.stated = true
	if rest, ok := strings.CutPrefix(s, perUser); ok {
		var part unit.Fraction
		if err := part.ParseScalar(rest); err != nil {
			return err
		}
		if part < 0 || part > 1 {
			return fmt.Errorf("fan-out %q is not a part of the users", s)
		}
		f.Part = float64(part)
		return nil
	}
	var times unit.Count
	if err := times.ParseScalar(s); err != nil {
		return fmt.Errorf("fan-out %q is neither a number nor a part of the users such as users*2%%", s)
	}
	if times < 0 || times > maxFanOut {
		return fmt.Errorf("fan-out %q is not between 0 and %.0f", s, maxFanOut)
	}
	f.Times = float64(times)
	return nil
}

// String is the fan-out as a profile writes it.
func (f FanOut) String() string {
	switch {
	case !f.stated:
		return "1"
	case f.Part > 0:
		return perUser + unit.Fraction(f.Part).String()
	}
	return unit.Count(f.Times).String()
}

// maxFanOut bounds a fan-out: more subscribers than there are people.
const maxFanOut = 1e10

// fanOut is the subscribers of each call of an edge where there are so many users.
func (c *Call) fanOut(users float64) float64 {
	if !c.FanOut.Set {
		return 1
	}
	return c.FanOut.V.Times + float64(users*c.FanOut.V.Part)
}

// JSONSchema is the editor's view of ParseScalar.
func (FanOut) JSONSchema() map[string]any {
	return map[string]any{"description": "A number, or a part of the users: users*0.1%.", "anyOf": []any{
		map[string]any{"type": "number", "minimum": 0, "maximum": maxFanOut},
		map[string]any{"type": "string", "pattern": `^users\*[0-9]{1,3}(\.[0-9]{1,9})?%?$`},
	}}
}
