# What the browser loads, made from npm packages (pinned by package-lock.json)
# and from static/: `make assets`. Nothing here is committed. Each file is made
# again only when something it is made of changed.

VENDOR := static/vendor
PACKAGES := node_modules/.package-lock.json
ICON_SOURCES := $(shell find templates app -name '*.templ' -o -name '*.go' ! -name '*_templ.go' ! -name '*_test.go')
BUILT := $(addprefix $(VENDOR)/,app.css rooms.css app.js keep.js htmx.min.js hx-csp.min.js icons.svg icons-more.svg)
ASSETS := $(BUILT) $(BUILT:=.gz)

.PHONY: assets
.DELETE_ON_ERROR: # a half-written file must not look made
assets: $(ASSETS) ## make what the browser loads: style, script, htmx, icons

$(PACKAGES): package.json package-lock.json .npmrc
	@npm ci --loglevel=error
	@touch $@

$(VENDOR)/%.css: static/scss/%.scss $(wildcard static/scss/_*.scss) $(PACKAGES)
	@node_modules/.bin/sass --style=compressed --no-source-map --load-path=node_modules --quiet-deps --quiet \
		--silence-deprecation=import $< $@

# Comments and indentation stay at home: they are a fifth of what would travel.
$(VENDOR)/app.js $(VENDOR)/keep.js: $(VENDOR)/%.js: static/%.js assets.mk
	@sed -E '/^[[:space:]]*\/\//d; s/^[[:space:]]+//; s/([;,{])[[:space:]]+\/\/ .*$$/\1/; /^$$/d' $< > $@

$(VENDOR)/htmx.min.js: $(PACKAGES)
	@sed '/^\/\/# sourceMappingURL=/d' node_modules/htmx.org/dist/htmx.min.js > $@

$(VENDOR)/hx-csp.min.js: $(PACKAGES)
	@sed '/^\/\/# sourceMappingURL=/d' node_modules/htmx.org/dist/ext/hx-csp.min.js > $@

# The icons that templates and code name; browsers know it by its content, so
# writing it again costs nobody a download.
$(VENDOR)/icons.svg $(VENDOR)/icons-more.svg &: static/sprite.js $(ICON_SOURCES) $(PACKAGES)
	@node static/sprite.js $(VENDOR)/icons.svg $(VENDOR)/icons-more.svg

$(VENDOR)/%.gz: $(VENDOR)/%
	@gzip -9 -n -c $< > $@
