package catalogue

import (
	"fmt"
	"strings"
	"unicode"
)

// parseCriteria reads the language in which seed files write criteria:
//
//	criteria  = criterion { ";" criterion }
//	criterion = [ "person" | "any member" | "household" ] ( test | "(" tests ")" )
//	tests     = test { "and" test } { "or" test { "and" test } }
//	test      = attribute ( "<" | "<=" | ">" | ">=" | "=" | "is" ) value
//	          | [ "not" ] "received" code "within" n "days"
//
// All criteria have to be met; "and" binds tighter than "or". Without a subject
// the household is asked. Whatever is not in this language is an error.
func parseCriteria(s string) ([]Criterion, error) {
	if strings.TrimSpace(s) == "" {
		return nil, nil
	}
	var list []Criterion
	for part := range strings.SplitSeq(s, ";") {
		p := parser{words: tokens(part)}
		c, err := p.criterion()
		if err != nil {
			return nil, fmt.Errorf("%q: %w", strings.TrimSpace(part), err)
		}
		list = append(list, c)
	}
	return list, nil
}

// tokens splits at blanks, and around parentheses and comparison signs.
func tokens(s string) []string {
	var list []string
	word := ""
	flush := func() {
		if word != "" {
			list = append(list, word)
			word = ""
		}
	}
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			flush()
		case r == '(' || r == ')':
			flush()
			list = append(list, string(r))
		case isSign(r) != (word != "" && isSign(rune(word[0]))):
			flush()
			word = string(r)
		default:
			word += string(r)
		}
	}
	flush()
	return list
}

func isSign(r rune) bool { return r == '<' || r == '>' || r == '=' }

type parser struct {
	words []string
	at    int
}

func (p *parser) peek() string {
	if p.at < len(p.words) {
		return p.words[p.at]
	}
	return ""
}

func (p *parser) next() string {
	w := p.peek()
	p.at++
	return w
}

// take moves past the word when it comes next.
func (p *parser) take(word string) bool {
	if p.peek() != word {
		return false
	}
	p.at++
	return true
}

func (p *parser) criterion() (Criterion, error) {
	scope, err := p.scope()
	if err != nil {
		return Criterion{}, err
	}
	c := Criterion{Scope: scope}
	if p.take("(") {
		if c.Alternatives, err = p.tests(scope); err != nil {
			return c, err
		}
		if !p.take(")") {
			return c, fmt.Errorf("missing )")
		}
	} else {
		t, err := p.test(scope)
		if err != nil {
			return c, err
		}
		c.Alternatives = [][]Test{{t}}
	}
	if p.at < len(p.words) {
		return c, fmt.Errorf("unexpected %q", p.peek())
	}
	return c, nil
}

func (p *parser) scope() (Scope, error) {
	switch {
	case p.take("person"):
		return ScopePerson, nil
	case p.take("household"):
		return ScopeHousehold, nil
	case p.take("any"):
		if !p.take("member") {
			return "", fmt.Errorf("\"any\" needs \"member\"")
		}
		return ScopeAnyMember, nil
	}
	return ScopeHousehold, nil
}

func (p *parser) tests(scope Scope) ([][]Test, error) {
	var all [][]Test
	for {
		var one []Test
		for {
			t, err := p.test(scope)
			if err != nil {
				return nil, err
			}
			one = append(one, t)
			if !p.take("and") {
				break
			}
		}
		all = append(all, one)
		if !p.take("or") {
			return all, nil
		}
	}
}

func (p *parser) test(scope Scope) (Test, error) {
	if negated := p.take("not"); negated || p.peek() == grammar[received].name {
		return p.pastTest(scope, negated)
	}
	name, operator, value := p.next(), p.next(), p.next()
	if name == "" {
		return Test{}, fmt.Errorf("a test is missing")
	}
	return newTest(scope, name, operator, value)
}

func (p *parser) pastTest(scope Scope, negated bool) (Test, error) {
	name, code := p.next(), p.next()
	if !p.take("within") {
		return Test{}, fmt.Errorf("%s needs \"within n days\"", name)
	}
	days := p.next()
	if !p.take("days") {
		return Test{}, fmt.Errorf("%s needs \"within n days\"", name)
	}
	operator := "within"
	if negated {
		operator = "not_within"
	}
	return newTest(scope, name, operator, code+" "+days)
}
