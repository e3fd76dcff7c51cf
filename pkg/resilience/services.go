package resilience

// service is what a provider promises something of.
type service struct {
	name  string
	zones int
}

// services are those that requests pass in a region, each once; missing says what nobody
// promises anything of.
func (a *assessor) services(region int) (out []service, missing []string) { return nil, nil }
