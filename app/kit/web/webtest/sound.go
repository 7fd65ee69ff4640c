package webtest

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

// Faults lists what no page or fragment of ours may have: an element with hx-*
// attributes and no hx-nonce of its own (hx-csp would strip it), code or style in
// attributes, a form that posts without its token, the same id twice, a control
// without a name for those who cannot see it.
func Faults(body string) []string {
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		return []string{err.Error()}
	}
	i := &inspection{ids: map[string]bool{}, labelled: map[string]bool{},
		signedIn: strings.Contains(body, "X-Token") || strings.Contains(body, `name="_token"`)}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "label" {
			i.labelled[attribute(n, "for")] = true
		}
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			i.element(n)
		}
	}
	return i.faults
}

type inspection struct {
	ids, labelled map[string]bool
	signedIn      bool // a form of the sign-in page has no token: there is no session
	faults        []string
}

func (i *inspection) fault(n *html.Node, what string) {
	id := ""
	if v := attribute(n, "id"); v != "" {
		id = "#" + v
	}
	i.faults = append(i.faults, fmt.Sprintf("<%s%s> %s", n.Data, id, what))
}

func (i *inspection) element(n *html.Node) {
	i.attributes(n)
	if id := attribute(n, "id"); id != "" {
		if i.ids[id] {
			i.fault(n, "has an id that stands twice")
		}
		i.ids[id] = true
	}
	switch n.Data {
	case "script":
		if attribute(n, "src") == "" {
			i.fault(n, "is code in the page")
		}
	case "style":
		i.fault(n, "is style in the page")
	case "form":
		if strings.EqualFold(attribute(n, "method"), "post") && i.signedIn && !hasToken(n) {
			i.fault(n, "posts without @ui.Token()")
		}
	case "input", "select", "textarea":
		i.control(n)
	}
}

func (i *inspection) attributes(n *html.Node) {
	hx, nonce := false, false
	for _, a := range n.Attr {
		switch {
		case a.Key == "hx-nonce":
			nonce = a.Val != ""
		case strings.HasPrefix(a.Key, "hx-on"), strings.HasPrefix(a.Key, "on"):
			i.fault(n, "has code in "+a.Key)
		case strings.HasPrefix(a.Key, "hx-"):
			hx = true
			if strings.HasPrefix(a.Val, "js:") || strings.HasPrefix(a.Val, "javascript:") || a.Key == "hx-trigger" && strings.Contains(a.Val, "[") {
				i.fault(n, "has code in "+a.Key)
			}
		case a.Key == "style":
			i.fault(n, "has a style attribute, which the policy refuses")
		case (a.Key == "href" || a.Key == "src" || a.Key == "action" || a.Key == "formaction") && strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:"):
			i.fault(n, "has code in "+a.Key)
		}
	}
	if hx && !nonce {
		i.fault(n, "has hx-* attributes without { ui.HX(ctx)... }")
	}
}

func (i *inspection) control(n *html.Node) {
	switch attribute(n, "type") {
	case "hidden", "submit", "button":
		return
	}
	for _, a := range n.Attr {
		if a.Key == "hidden" || a.Key == "aria-hidden" && a.Val == "true" {
			return // for machines, a password manager for instance
		}
	}
	if attribute(n, "aria-label") != "" || attribute(n, "aria-labelledby") != "" || i.labelled[attribute(n, "id")] && attribute(n, "id") != "" {
		return
	}
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == "label" {
			return
		}
	}
	i.fault(n, "("+attribute(n, "name")+") has no label")
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasToken(form *html.Node) bool {
	for n := range form.Descendants() {
		if n.Data == "input" && attribute(n, "name") == "_token" {
			return true
		}
	}
	return false
}
