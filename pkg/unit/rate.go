package unit

// MonthHours is the length of the month in "/month": 730 hours, AWS's
// convention (MODEL section 0). It does not follow a profile's own month.
const MonthHours = 730

// EventRate is a number of events per second.
type EventRate float64

// ByteRate is a flow in bytes per second.
type ByteRate float64

// ParseRate reads a rate such as 100/min or 2500/s.
func ParseRate(text string) (EventRate, error) {
	x, err := rates().parse(text)
	return EventRate(x), err
}

// ParseByteRate reads a flow such as 10MB/s, 1.5Gbit/s or 500GB/month.
func ParseByteRate(text string) (ByteRate, error) {
	x, err := byteRates().parse(text)
	return ByteRate(x), err
}

// String prints the rate so that it parses back to the identical number.
func (r EventRate) String() string { return rates().text(float64(r)) }

// String prints the flow so that it parses back to the identical number.
func (r ByteRate) String() string { return byteRates().text(float64(r)) }

// Human prints the rate for people.
func (r EventRate) Human() string { return rates().people(float64(r)) }

// Human prints the flow for people, in B/s, KB/s or MB/s.
func (r ByteRate) Human() string { return byteRates().people(float64(r)) }

// ParseScalar sets the rate from the text of a profile.
func (r *EventRate) ParseScalar(text string) error { return set(r, text, ParseRate) }

// ParseScalar sets the flow from the text of a profile.
func (r *ByteRate) ParseScalar(text string) error { return set(r, text, ParseByteRate) }

// JSONSchema describes what ParseScalar accepts.
func (*EventRate) JSONSchema() map[string]any { return rates().schema() }

// JSONSchema describes what ParseScalar accepts.
func (*ByteRate) JSONSchema() map[string]any { return byteRates().schema() }

// periods are the denominators of rates, the shortest (the largest unit) first.
func periods() []symbol {
	return []symbol{
		{"/s", 1, 1},
		{"/min", 1, 60},
		{"/h", 1, 3600},
		{"/day", 1, 24 * 3600},
		{"/month", 1, MonthHours * 3600},
	}
}

// ratesScale is made once; nothing changes it.
var ratesScale = newRates()

func rates() scale { return ratesScale }

func newRates() scale {
	all := periods()
	return scale{
		what:    "rate",
		example: "100/min",
		list:    "/s /min /h /day /month",
		symbols: all,
		print:   all,
		human:   all,
		aliases: []alias{
			{"/sec", "/s"}, {"/second", "/s"}, {"ps", "/s"}, {"rps", "/s"}, {"qps", "/s"}, {"tps", "/s"},
			{"req/s", "/s"}, {"requests/s", "/s"}, {"per second", "/s"}, {"s", "/s"}, {"hz", "/s"},
			{"/m", "/min"}, {"/minute", "/min"}, {"rpm", "/min"}, {"req/min", "/min"}, {"requests/min", "/min"},
			{"per minute", "/min"}, {"min", "/min"},
			{"/hr", "/h"}, {"/hour", "/h"}, {"per hour", "/h"}, {"h", "/h"},
			{"/d", "/day"}, {"per day", "/day"}, {"day", "/day"},
			{"/mo", "/month"}, {"/mon", "/month"}, {"per month", "/month"}, {"month", "/month"},
		},
	}
}

// byteRatesScale is made once; nothing changes it.
var byteRatesScale = newByteRates()

func byteRates() scale { return byteRatesScale }

func newByteRates() scale {
	s := scale{
		what:    "byte rate",
		example: "10MB/s",
		list:    "B KB MB GB TB PB KiB MiB GiB TiB PiB with /s /min /h /day /month, or bit/s kbit/s Mbit/s Gbit/s",
		human:   []symbol{{"MB/s", 1e6, 1}, {"KB/s", 1e3, 1}, {"B/s", 1, 1}},
		gap:     " ",
	}
	for _, per := range periods() {
		for _, size := range sizeSymbols() {
			s.symbols = append(s.symbols, symbol{size.name + per.name, size.num, per.den})
		}
	}
	// Flows are printed per second: volumes per month are Bytes.
	s.print = s.symbols[:len(sizeSymbols())]
	s.symbols = append(s.symbols,
		symbol{"bit/s", 1, 8}, symbol{"kbit/s", 1e3, 8}, symbol{"Mbit/s", 1e6, 8}, symbol{"Gbit/s", 1e9, 8})
	for _, size := range sizeSymbols() {
		s.aliases = append(s.aliases, alias{size.name, size.name + "/s"}, alias{size.name + "ps", size.name + "/s"})
	}
	s.aliases = append(s.aliases,
		alias{"bps", "bit/s"}, alias{"kbps", "kbit/s"}, alias{"Mbps", "Mbit/s"}, alias{"Gbps", "Gbit/s"},
		alias{"kb/s", "KB/s"}, alias{"Mb/s", "Mbit/s"}, alias{"Gb/s", "Gbit/s"},
		alias{"Mbit", "Mbit/s"}, alias{"Gbit", "Gbit/s"}, alias{"kbit", "kbit/s"})
	return s
}
