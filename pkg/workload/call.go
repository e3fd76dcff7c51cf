package workload

import (
	"math"
	"slices"

	"headroom/pkg/unit"
)

// modeAsync is the mode of a call for whose answer nobody waits.
const modeAsync = "async"

// Async tells whether nobody waits for the answer.
func (c *Call) Async() bool { return c.Mode == modeAsync }

// Takes tells whether requests of a class make the call.
func (c *Call) Takes(class string) bool {
	return len(c.Classes) == 0 || slices.Contains(c.Classes, class)
}

// Sizes are the bytes of a call and of its answer that a request of a class makes.
// What the profile does not state is the class's own: a forgotten size must not
// make bytes vanish (docs/model.md section 1). A call for whose answer nobody waits
// has none unless the profile gives it a size.
func (c *Call) Sizes(class *ClassDemand) (request, response unit.Bytes) {
	request, response = class.Request, class.Response
	if c.Async() {
		response = 0
	}
	if c.Request != nil {
		request = c.Request.V
	}
	if c.Response != nil {
		response = c.Response.V
	}
	return request, response
}

// Carries is the part of the new data that the call carries on, where there are so
// many users: all of it at most, as two calls of a write, or one to many
// subscribers, bring the same data.
func (c *Call) Carries(users float64) float64 {
	return float64(math.Min(1, float64(c.PerWrite.V)) * math.Min(1, c.fanOut(users)))
}
