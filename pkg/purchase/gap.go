package purchase

import "fmt"

// Gap is why an option has no price. The zero Gap is none.
type Gap struct {
	Spot    bool   `json:"spot,omitempty"` // it is the spot price that is missing
	Vintage string `json:"vintage,omitempty"`
	Region  string `json:"region,omitempty"`
	Machine string `json:"machine,omitempty"`
	// Types is over how many types spot has to be spread where fewer have a price,
	// and Priced how many have one.
	Types  int `json:"types,omitempty"`
	Priced int `json:"priced,omitempty"`
}

// String says it as messages do.
func (g Gap) String() string {
	switch {
	case g == Gap{}:
		return ""
	case g.Types > 0:
		return fmt.Sprintf("spot has to be spread over %d types, and %d of the allowed types have a spot price",
			g.Types, g.Priced)
	case g.Spot:
		return fmt.Sprintf("no spot price in this vintage (%s, %s, %s)", g.Vintage, g.Region, g.Machine)
	}
	return fmt.Sprintf("no price in this vintage (%s, %s, %s)", g.Vintage, g.Region, g.Machine)
}

// Exists tells whether a price is missing.
func (g Gap) Exists() bool { return g != Gap{} }
