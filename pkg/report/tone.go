package report

// Tone is what the colour of a text means. A colour never says anything alone: a word
// or a sign beside it says the same.
type Tone int

// The tones: Measure is a bar, Good what can be used or saved, Caution a risk, a guess
// or what is within a tenth of its ceiling, Breach what is over it.
const (
	Plain Tone = iota
	Measure
	Good
	Caution
	Breach
)

// sgr are the codes of the tones (ECMA-48, Select Graphic Rendition). They are of the
// eight colours that a terminal has for light and for dark backgrounds.
func (t Tone) sgr() string {
	return [...]string{Plain: "", Measure: "36", Good: "32", Caution: "33", Breach: "31"}[t]
}
