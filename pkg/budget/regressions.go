package budget

import (
	"encoding/json"
	"errors"
	"strconv"

	"headroom/pkg/money"
	"headroom/pkg/unit"
)

// errNoBaseline says what a regression needs.
var errNoBaseline = errors.New("it compares with a baseline, and none is given; use --baseline or baseline: " +
	"in the budget")

// errAllNew says that the baseline has none of the systems that a rule is about.
var errAllNew = errors.New("nothing of it is in the baseline")

// compared tells whether there is anything to compare with.
func compared(x *scope) error {
	switch {
	case x.compared:
		return nil
	case len(x.apart) > 0:
		return errAllNew
	}
	return errNoBaseline
}

// increase bounds the growth as a part of the baseline; of what was not there
// before, any cost is too much.
func increase(share float64) func(*scope, string) (judgement, error) {
	return func(x *scope, _ string) (judgement, error) { return change(x, share, +1) }
}

// decrease bounds the shrinking as a part of the baseline.
func decrease(share float64) func(*scope, string) (judgement, error) {
	return func(x *scope, _ string) (judgement, error) { return change(x, share, -1) }
}

func increaseBy(allowed money.Amount) func(*scope, string) (judgement, error) {
	return func(x *scope, _ string) (judgement, error) { return changeBy(x, allowed, +1) }
}

func decreaseBy(allowed money.Amount) func(*scope, string) (judgement, error) {
	return func(x *scope, _ string) (judgement, error) { return changeBy(x, allowed, -1) }
}

// moved is how far the cost went in a direction: negative where it went the
// other way.
func moved(x *scope, sign int) money.Amount {
	d := x.is.Expected.Minus(x.was.Expected)
	if sign < 0 {
		return d.Neg()
	}
	return d
}

// change compares exactly, by multiplying; the division is to be shown only.
func change(x *scope, share float64, sign int) (judgement, error) {
	if err := compared(x); err != nil {
		return judgement{}, err
	}
	q, err := money.Float(share)
	if err != nil {
		return judgement{}, err
	}
	base := x.was.Expected
	by := moved(x, sign)
	j := judgement{breached: by.Cmp(base.Times(q)) > 0, allowed: decimal(share), actual: "0",
		unit: "share of the baseline"}
	if !base.IsZero() {
		j.actual = beside(by.Float64()/base.Float64(), share)
	}
	j.found = append(fromTo(x), "allowed", share)
	return j, nil
}

func changeBy(x *scope, allowed money.Amount, sign int) (judgement, error) {
	if err := compared(x); err != nil {
		return judgement{}, err
	}
	by := moved(x, sign)
	j := judgement{breached: by.Cmp(allowed) > 0, allowed: number(allowed), actual: number(by), unit: dollarsAMonth}
	j.found = append(fromTo(x), "allowed", allowed.Float64())
	return j, nil
}

// fromTo is the expected month of the baseline and the one now.
func fromTo(x *scope) []any {
	was, is := x.was.Expected, x.is.Expected
	out := []any{"was", was.Float64(), "is", is.Float64(), "change", is.Minus(was).Float64()}
	if len(x.apart) > 0 {
		out = append(out, "apart", x.apart)
	}
	return out
}

// zero is no money.
var zero = money.Amount{}

func number(a money.Amount) json.Number { return json.Number(a.String()) }

// decimals is how many of a float are kept, which is less than its noise.
const decimals = 6

// decimal is a float as a JSON number without noise.
func decimal(x float64) json.Number { return rounded(x, decimals) }

// beside is a float as a JSON number without noise, with as many decimals as it takes
// to see on which side of a limit it is.
func beside(x, limit float64) json.Number {
	return rounded(x, unit.BesideLimit(x, limit, decimals))
}

func rounded(x float64, n int) json.Number {
	shown, err := strconv.ParseFloat(unit.Decimals(x, n), 64)
	if err != nil {
		shown = x
	}
	return json.Number(unit.Plain(shown))
}
