package unit

// Duration is a span of time in seconds.
type Duration float64

// ParseDuration reads a duration such as 10ms, 2min or 7d.
func ParseDuration(text string) (Duration, error) {
	x, err := durations().parse(text)
	return Duration(x), err
}

// String prints the duration so that it parses back to the identical number.
func (d Duration) String() string { return durations().text(float64(d)) }

// Human prints the duration for people.
func (d Duration) Human() string { return durations().people(float64(d)) }

// ParseScalar sets the duration from the text of a profile.
func (d *Duration) ParseScalar(text string) error { return set(d, text, ParseDuration) }

// JSONSchema describes what ParseScalar accepts.
func (*Duration) JSONSchema() map[string]any { return durations().schema() }

// durations has no month and no year: their length depends on the month hours
// of the profile, which no text knows.
// durationsScale is made once; nothing changes it.
var durationsScale = newDurations()

func durations() scale { return durationsScale }

func newDurations() scale {
	all := []symbol{
		{"d", 24 * 3600, 1}, {"h", 3600, 1}, {"min", 60, 1}, {"s", 1, 1},
		{"ms", 1, 1e3}, {"us", 1, 1e6}, {"ns", 1, 1e9},
	}
	return scale{
		what:    "duration",
		example: "10ms",
		list:    "ns us ms s min h d",
		symbols: all,
		print:   all,
		human:   all,
		gap:     " ",
		aliases: []alias{
			{"m", "min"}, {"minute", "min"}, {"minutes", "min"}, {"mins", "min"},
			{"sec", "s"}, {"secs", "s"}, {"second", "s"}, {"seconds", "s"},
			{"hr", "h"}, {"hrs", "h"}, {"hour", "h"}, {"hours", "h"}, {"day", "d"}, {"days", "d"},
			{"msec", "ms"}, {"millisecond", "ms"}, {"milliseconds", "ms"},
			{"µs", "us"}, {"μs", "us"}, {"usec", "us"}, {"microseconds", "us"}, {"nanoseconds", "ns"},
			{"mo", ""}, {"month", ""}, {"months", ""}, {"y", ""}, {"w", ""}, {"wk", ""}, // no slip of ms, us or d
		},
	}
}
