package outage

import "slices"

// Span is a time in seconds, of which parts may not be known: then it is that long at least.
type Span struct {
	Seconds float64
	Missing []string // keys of a profile that would tell the rest, in order; nil where all is known
	Terms   []Term   // of which Seconds are the sum, as far as somebody named them
}

// Term is a part of a time.
type Term struct {
	What    string // such as "promotion of db"
	Seconds float64
	From    string // the key of a profile, or the row of a table, that says so
}

// Unknown is a time that only a key of the profile would tell.
func Unknown(key string) Span { return Span{Missing: []string{key}} }

// Seconds is a time that is known.
func Seconds(s float64) Span { return Span{Seconds: s} }

// Named is a time that is known, with what it is and what says so.
func Named(s float64, what, from string) Span {
	return Span{Seconds: s, Terms: []Term{{what, s, from}}}
}

// Known tells whether all of the time is known.
func (s Span) Known() bool { return len(s.Missing) == 0 }

// Plus is one time after another.
func (s Span) Plus(o Span) Span {
	out := Span{Seconds: s.Seconds + o.Seconds, Missing: slices.Clone(s.Missing),
		Terms: append(s.Terms[:len(s.Terms):len(s.Terms)], o.Terms...)}
	for _, key := range o.Missing {
		if !slices.Contains(out.Missing, key) {
			out.Missing = append(out.Missing, key)
		}
	}
	return out
}

// Longer is the longer of two times as far as they are known; what either does not know
// stays unknown.
func (s Span) Longer(o Span) Span {
	out := s.Plus(o)
	out.Seconds, out.Terms = s.Seconds, s.Terms
	if o.Seconds > s.Seconds {
		out.Seconds, out.Terms = o.Seconds, o.Terms
	}
	return out
}

// Less tells whether a time is shorter than another: what is known in full is shorter than
// what is not.
func (s Span) Less(o Span) bool {
	if s.Known() != o.Known() {
		return s.Known()
	}
	return s.Seconds < o.Seconds
}
