package purchase

import "slices"

// Committed is the least effective price, in USD an hour, of the commitments
// that the constraints allow; false where none of them has a price. It is for
// ranking machines: a mix is priced by Best.
func (c *Constraints) Committed(opts []Option) (hourly float64, ok bool) {
	for i := range opts {
		o := &opts[i]
		if o.Missing != "" || !o.Committed() || !slices.ContainsFunc(c.Allow, func(w string) bool { return covers(w, o.Name) }) {
			continue
		}
		if e := o.Effective(); !ok || e < hourly {
			hourly, ok = e, true
		}
	}
	return hourly, ok
}
