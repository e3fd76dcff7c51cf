package whatif

import (
	"bytes"
	"encoding/json"

	"headroom/pkg/bill"
)

// markIdle marks the inputs without effect: without the assignment, with all the
// others, plan and bill are the same to the last utilisation, so that nothing that was
// planned reads them. It notes the effects of several inputs too. With is the estimate of
// all assignments, nil where there is none.
func (s *Model) markIdle(inputs []InputDelta, sets []Assignment, o bill.Request, with *bill.Estimate) {
	if with == nil {
		return
	}
	is := result(with)
	for i := range sets {
		rest := append(append([]Assignment(nil), sets[:i]...), sets[i+1:]...)
		r, err := s.planWith(rest, o)
		if err != nil {
			continue // it is what makes a plan possible
		}
		inputs[i].NoEffect = is != nil && bytes.Equal(is, result(r.Estimate))
		if len(sets) > 1 {
			effect := with.Total.Expected.Minus(r.Estimate.Total.Expected)
			inputs[i].Effect = &effect
		}
	}
}

// result is all of an estimate that machines and money are, as bytes to be compared:
// neither titles and notes, nor which file it was made from.
func result(e *bill.Estimate) []byte {
	x := *e
	x.Profile, x.Title, x.Inputs, x.Assumed = bill.Source{}, "", 0, nil
	x.Facts, x.Excluded, x.From = nil, nil, nil
	x.Parts = append([]bill.Part(nil), e.Parts...)
	for i := range x.Parts {
		x.Parts[i].System, x.Parts[i].Notes = "", ""
	}
	x.Lines = append([]bill.Line(nil), e.Lines...)
	for i := range x.Lines {
		x.Lines[i].System, x.Lines[i].Notes = "", ""
	}
	text, err := json.Marshal(&x)
	if err != nil {
		return nil // then nothing is said
	}
	return text
}
