package app

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gsl/app/access"
)

// everyForm is a good form of each route that takes one, and who may send it.
// A route that is missing here fails the test.
var everyForm = map[string]struct {
	role string
	form url.Values
}{
	"/login":              {access.CaseManager, url.Values{"run": {"12.345.678-5"}, "password": {"x"}}},
	"/agreement":          {access.CaseManager, url.Values{"accept": {"1"}}},
	"/switch":             {access.CaseManager, url.Values{"membership": {"01ARZ3NDEKTSV4RRFFQ69G5FAV"}}},
	"/preferences":        {access.CaseManager, url.Values{"language": {"es-CL"}, "shortcuts": {"on"}, "back": {"/"}}},
	"/password":           {access.CaseManager, url.Values{"current": {"x"}, "password": {"y"}, "repeat": {"y"}}},
	"/lookup":             {access.CaseManager, url.Values{"run": {"12.345.678-5"}}},
	"/people/open":        {access.CaseManager, url.Values{"person": {"k"}}},
	"/search":             {access.CaseManager, url.Values{"q": {"maria"}}},
	"/files/:file/lookup": {access.CaseManager, url.Values{}},
	"/people/new": {access.CaseManager, url.Values{"given_names": {"Ana"}, "surnames": {"Soto"}, "birth_date": {"01-02-1980"}, "sex": {"F"}, "nationality": {"haitiana"},
		"document_kind": {"passport"}, "document": {"AB12345"}, "phone": {"912345678"}, "address": {"x"}, "reason": {"foreign"}, "anyway": {"x"}, "key": {"k"}}},
	"/files/:file/merge":                  {access.CaseManager, url.Values{"run": {"12.345.678-5"}, "proof": {"id_card"}, "note": {"a"}}},
	"/files/:file/merge/confirm":          {access.UnitHead, url.Values{"merge": {"m"}, "version": {"1"}}},
	"/files/:file/merge/decline":          {access.UnitHead, url.Values{"merge": {"m"}, "version": {"1"}, "reason": {"a"}}},
	"/files/:file/merge/undo":             {access.UnitHead, url.Values{"merge": {"m"}, "version": {"1"}, "reason": {"a"}}},
	"/files/:file/glass":                  {access.CaseManager, url.Values{"reason": {"La persona espera"}, "to": {"/plans/x"}, "arrived": {"1"}}},
	"/files/:file/glass/shut":             {access.CaseManager, url.Values{}},
	"/files/:file/restriction":            {access.UnitHead, url.Values{"kind": {"violence"}, "reason": {"Amenazas de muerte"}}},
	"/files/:file/restriction/lift":       {access.UnitHead, url.Values{"restriction": {"r"}, "lift_reason": {"Ya no hace falta"}}},
	"/openings/:opening/review":           {access.UnitHead, url.Values{"verdict": {"right"}, "note": {"Era necesario"}, "back": {"file"}}},
	"/files/:file/person":                 {access.CaseManager, url.Values{"given_names": {"Ana"}, "surnames": {"Soto"}, "birth_date": {"01-02-1980"}, "phone": {"912345678"}, "address": {"x"}, "version": {"1"}}},
	"/files/:file/cart/items":             {access.CaseManager, url.Values{"item": {"D203"}, "reason": {"a"}, "request": {"b"}}},
	"/files/:file/cart/items/:id":         {access.CaseManager, url.Values{"note": {"a"}}},
	"/files/:file/checkout":               {access.CaseManager, url.Values{"key": {"k"}, "agreed": {"signed"}}},
	"/plans/:plan/items":                  {access.CaseManager, url.Values{"status[:item]": {"withdrawn"}, "reason[:item]": {"a"}, "outcome[:item]": {"not-granted"}}},
	"/plans/:plan/items/:item/approve":    {access.Director, url.Values{"back": {"plan"}}},
	"/plans/:plan/items/:item/reject":     {access.Director, url.Values{"back": {"plan"}, "reason": {"a"}}},
	"/files/:file/cart/items/:id/remove":  {access.CaseManager, url.Values{"back": {"cart"}}},
	"/files/:file/cart/items/:id/restore": {access.CaseManager, url.Values{"back": {"cart"}}},
	"/inbox/receive":                      {access.CaseManager, url.Values{"box": {"new"}, "ids": {"x"}}},
	"/inbox/assign":                       {access.UnitHead, url.Values{"box": {"new"}, "ids": {"x"}, "assigned": {"y"}}},
	"/files/:file/referrals":              {access.CaseManager, url.Values{"item": {"D203"}, "key": {"k"}, "reason": {"a"}, "request": {"b"}, "note": {"c"}, "override_reason": {"d"}}},
	"/referrals/:referral/receive":        {access.CaseManager, url.Values{"at": {"page"}, "version": {"1"}}},
	"/referrals/:referral/start":          {access.CaseManager, url.Values{"at": {"inbox"}, "box": {"new"}, "version": {"1"}}},
	"/referrals/:referral/wait":           {access.CaseManager, url.Values{"waiting_for": {"documents"}, "note": {"a"}, "version": {"1"}}},
	"/referrals/:referral/answer":         {access.CaseManager, url.Values{"outcome": {"not-granted"}, "reason_code": {"no-spots"}, "reason": {"a"}, "note": {"b"}, "external_number": {"c"}, "external_status": {"d"}, "external_on": {"20-11-2026"}, "version": {"1"}}},
	"/referrals/:referral/return":         {access.CaseManager, url.Values{"reason_code": {"wrong-unit"}, "reason": {"a"}, "version": {"1"}}},
	"/referrals/:referral/resend":         {access.CaseManager, url.Values{"note": {"a"}, "version": {"1"}}},
	"/referrals/:referral/close":          {access.CaseManager, url.Values{"version": {"1"}}},
	"/referrals/:referral/reopen":         {access.CaseManager, url.Values{"reason": {"a"}, "version": {"1"}}},
	"/referrals/:referral/cancel":         {access.CaseManager, url.Values{"reason": {"a"}, "version": {"1"}}},
	"/referrals/:referral/assign":         {access.UnitHead, url.Values{"assigned": {"x"}, "version": {"1"}}},
	"/referrals/:referral/external":       {access.CaseManager, url.Values{"external_number": {"a"}, "external_status": {"b"}, "external_on": {"20-11-2026"}, "version": {"1"}}},
	"/referrals/:referral/link":           {access.CaseManager, url.Values{"known": {"x"}}},
	"/referrals/:referral/send":           {access.CaseManager, url.Values{"known": {"x"}}},
	"/referrals/:referral/revoke":         {access.CaseManager, url.Values{"known": {"x"}}},
	"/referrals/:referral/documents":      {access.CaseManager, url.Values{"kind": {"income"}}},
	"/files/:file/documents":              {access.CaseManager, url.Values{"of": {""}, "at": {"panel"}, "kind": {"income"}, "expires_on": {"31-12-2027"}}},
	"/documents/:document":                {access.CaseManager, url.Values{"kind": {"income"}, "expires_on": {"31-12-2027"}, "version": {"1"}}},
	"/documents/:document/remove":         {access.CaseManager, url.Values{"reason": {"a"}, "version": {"1"}}},
	"/documents/:document/restore":        {access.CaseManager, url.Values{}},
	"/files/:file/attentions":             {access.CaseManager, url.Values{"back": {"/"}}},
	"/files/:file/explained":              {access.CaseManager, url.Values{"item": {"E101"}, "on": {"yes"}, "back": {"/"}}},
	"/attentions/:attention/finish": {access.CaseManager, url.Values{"outcome": {"oriented"}, "topic": {"T03"}, "channel": {"phone"}, "note": {"a"}, "told": {"b"}, "next_date": {""},
		"rep_name": {"Ana Soto"}, "rep_run": {"12.345.678-5"}, "rep_relationship": {"child"}, "rep_authorisation": {"simple"}, "then": {"keep"}}},
	"/attentions/:attention/draft": {access.CaseManager, url.Values{"note": {"a"}, "told": {"b"}}},
	"/waiting":                     {access.CaseManager, url.Values{"who": {"Ana"}, "priority": {"older"}, "desk": {"social"}}},
	"/waiting/next":                {access.CaseManager, url.Values{"block": {"1"}}},
	"/waiting/:ticket/absent":      {access.CaseManager, url.Values{"block": {"1"}}},
	"/waiting/:ticket/return":      {access.CaseManager, url.Values{"block": {"1"}}},
	"/waiting/:ticket/leave":       {access.CaseManager, url.Values{"block": {"1"}}},
	"/waiting/:ticket/priority":    {access.CaseManager, url.Values{"priority": {"older"}}},
	"/files/:file/requests": {access.CaseManager, url.Values{"kind": {"access"}, "asked": {"a"}, "channel": {"in_person"}, "proof": {"id_card"}, "agent": {"b"},
		"answer_to": {"c"}, "received_on": {"20-11-2026"}, "key": {"k"}}},
	"/requests": {access.Counterpart, url.Values{"run": {"12.345.678-5"}, "name": {"Ana"}, "kind": {"access"}, "asked": {"a"}, "channel": {"in_person"}, "proof": {"id_card"},
		"agent": {"b"}, "answer_to": {"c"}, "received_on": {"20-11-2026"}, "key": {"k"}}},
	"/requests/:request/answer": {access.Counterpart, url.Values{"outcome": {"granted"}, "answer": {"a"}, "delivery": {"in_person"}}},
	"/requests/:request/notes":  {access.Counterpart, url.Values{"note": {"a"}}},
	"/settings/topics":          {access.Counterpart, url.Values{"name": {"Tema"}}},
	"/cases/assign":             {access.UnitHead, url.Values{"case": {"x"}, "worker": {"x"}, "reason": {"a"}, "whole": {"1"}, "from": {"none"}, "total": {"1"}, "anyway": {"1"}, "back": {"/cases"}}},
	"/files/:file/case/close":   {access.CaseManager, url.Values{"case": {"x"}, "reason": {"moved_away"}, "summary": {"a"}, "anyway": {"1"}}},
	"/files/:file/case/open":    {access.UnitHead, url.Values{"worker": {"x"}, "reason": {"a"}}},
	"/files/:file/notes": {access.CaseManager, url.Values{"key": {"k"}, "kind": {"meeting"}, "on": {"20-11-2026"}, "text": {"a"}, "confidential": {"1"}, "participants": {"Ana, CESFAM"},
		"agreement[0]": {"b"}, "responsible[0]": {"c"}, "due[0]": {"30-11-2026"}, "then": {"row"}}},
	"/cases/lists":               {access.CaseManager, url.Values{"case": {"x"}, "name": {"a"}, "shared": {"1"}, "condition": {"age=1"}, "into": {"x"}, "back": {"/cases"}}},
	"/cases/lists/:list/take":    {access.CaseManager, url.Values{"case": {"x"}, "back": {"/cases"}}},
	"/cases/lists/:list/remove":  {access.CaseManager, url.Values{"back": {"/cases"}}},
	"/files/:file/notes/draft":   {access.CaseManager, url.Values{"key": {"k"}, "kind": {"call"}, "on": {"20-11-2026"}, "text": {"a"}}},
	"/files/:file/notes/discard": {access.CaseManager, url.Values{"key": {"k"}}},
	"/notes/:note/add":           {access.CaseManager, url.Values{"key": {"k"}, "text": {"a"}}},
	"/settings": {access.Counterpart, url.Values{"worker_threshold": {"1"}, "head_threshold": {"2"}, "promise_days": {"3"}, "rsh_promise_days": {"4"}, "link_days": {"5"},
		"waiting_list": {"1"}, "mark": {"x"}}},
	"/protocols": {access.UnitHead, url.Values{"unit": {"social"}, "counterpart": {"omil"}, "all_desks": {"1"}}},
	"/protocols/:protocol": {access.UnitHead, url.Values{"revision": {"1"}, "key": {"k"}, "do": {"save"}, "title": {"a"}, "all_desks": {"1"}, "join[0]": {"and"}, "scope[0]": {"person"},
		"condition[0]": {"age_min"}, "value[0]": {"18"}, "eligibility": {"b"}, "spots": {"1"}, "spots_period": {"month"}, "documents": {"c"}, "process": {"d"}, "answer": {"e"},
		"citizen_days": {"1"}, "answer_days": {"2"}, "valid_from": {"01-01-2027"}, "valid_to": {"31-12-2027"}, "evaluation": {"f"}}},
	"/protocols/:protocol/send":    {access.UnitHead, url.Values{"revision": {"1"}}},
	"/protocols/:protocol/sign":    {access.UnitHead, url.Values{"revision": {"1"}, "side": {"counterpart"}, "name": {"a"}, "position": {"b"}, "signed_on": {"20-11-2026"}}},
	"/protocols/:protocol/return":  {access.UnitHead, url.Values{"reason": {"a"}}},
	"/protocols/:protocol/reject":  {access.Director, url.Values{"reason": {"a"}}},
	"/protocols/:protocol/approve": {access.Director, url.Values{"revision": {"1"}}},
	"/protocols/:protocol/end":     {access.UnitHead, url.Values{"reason": {"a"}}},
	"/settings/model":              {access.Counterpart, url.Values{"model": {"2"}}},
	"/settings/units": {access.Counterpart, url.Values{"unit": {"omil"}, "kind": {"municipal"}, "version": {"1"}, "name": {"a"}, "contact": {"b"}, "phone": {"c"}, "email": {"d@e.cl"},
		"address": {"f"}, "channel": {"letter"}, "aliases": {"g"}, "active": {"1"}}},
	"/settings/units/module": {access.Counterpart, url.Values{"unit": {"care"}, "on": {"1"}}},
	"/settings/absences":     {access.Counterpart, url.Values{"person": {"x"}, "replacement": {"y"}, "from": {"23-11-2026"}, "to": {"24-11-2026"}, "reason": {"leave"}}},
	"/settings/absences/end": {access.Counterpart, url.Values{"absence": {"x"}}},
	"/absences":              {access.UnitHead, url.Values{"person": {"x"}, "replacement": {"y"}, "from": {"23-11-2026"}, "to": {"24-11-2026"}, "reason": {"leave"}}},
	"/absences/end":          {access.UnitHead, url.Values{"absence": {"x"}}},
	"/users":                 {access.Counterpart, url.Values{"run": {"11.111.111-1"}, "given_names": {"Ana"}, "surnames": {"Soto"}, "email": {"a@example.cl"}, "role": {"case_manager:social"}, "from": {"20-11-2026"}, "to": {"20-11-2027"}}},
	"/users/search":          {access.Counterpart, url.Values{"q": {"ana"}, "state": {"unused"}, "role": {"director"}, "unit": {"social"}, "after": {"x"}}},
	"/admin/users/search":    {access.NationalAdmin, url.Values{"q": {"ana"}, "state": {"unused"}, "role": {"director"}, "unit": {"social"}, "municipality": {"05802"}, "after": {"x"}}},
	"/users/:user/roles":     {access.Counterpart, url.Values{"role": {"director"}, "from": {"20-11-2026"}, "to": {"20-11-2027"}}},
	"/users/:user/reset":     {access.Counterpart, url.Values{"code": {"123456"}}},
	"/users/:user/email":     {access.Counterpart, url.Values{"email": {"a@example.cl"}}},
	"/users/:user/disable":   {access.Counterpart, url.Values{}},
	"/users/:user/enable":    {access.Counterpart, url.Values{}},

	"/memberships/:membership/end":     {access.Counterpart, url.Values{"to": {"20-11-2027"}}},
	"/memberships/:membership/disable": {access.Counterpart, url.Values{}},
	"/memberships/:membership/enable":  {access.Counterpart, url.Values{}},

	"/account/factor":                  {access.CaseManager, url.Values{"setup": {"x"}, "code": {"123456"}}},
	"/account/factor/prove":            {access.CaseManager, url.Values{"code": {"123456"}, "current": {"x"}}},
	"/account/factor/recovery":         {access.CaseManager, url.Values{"code": {"123456"}}},
	"/account/factor/remove":           {access.CaseManager, url.Values{"code": {"123456"}}},
	"/users/:user/factor":              {access.Counterpart, url.Values{"code": {"123456"}}},
	"/settings/municipality":           {access.Counterpart, url.Values{"official_name": {"a"}, "address": {"b"}, "phone": {"c"}, "email": {"d@e.cl"}, "version": {"0"}}},
	"/settings/municipality/shield":    {access.Counterpart, url.Values{"remove": {"1"}}},
	"/settings/municipality/agreement": {access.Counterpart, url.Values{"body": {"a"}, "number": {"0"}, "sure": {"1"}}},
	"/settings/municipality/legal":     {access.Counterpart, url.Values{"legal": {"off"}}},

	"/admin/catalogue/new":                {access.NationalAdmin, with(nationalItem, "code", "D199")},
	"/admin/catalogue/items/:code":        {access.NationalAdmin, nationalItem},
	"/admin/catalogue/items/:code/retire": {access.NationalAdmin, url.Values{"mark": {"x"}, "valid_from": {"01-01-2027"}}},
	"/admin/catalogue/publish":            {access.NationalAdmin, url.Values{"key": {"k"}, "pick": {"D101"}, "reason": {"a"}, "code": {"123456"}}},
	"/admin/catalogue/import":             {access.NationalAdmin, url.Values{"valid_from": {"01-01-2027"}, "file": {""}}},
	"/announcements/dismiss":              {access.CaseManager, url.Values{"announcement": {"x"}, "back": {"/"}}},
	"/admin/announcements":                {access.NationalAdmin, with(announcementForm, "key", "k")},
	"/admin/announcements/:announcement":  {access.NationalAdmin, with(announcementForm, "revision", "1")},
	"/admin/restores":                     {access.NationalAdmin, url.Values{"municipality": {"05802"}, "source": {"replica"}, "day": {"20-11-2026"}, "time": {"10:00"}, "code": {"123456"}}},
	"/admin/restores/:restore":            {access.NationalAdmin, url.Values{"act": {"discard"}, "code": {"123456"}}},
	"/settings/restores/look":             {access.Counterpart, url.Values{"restore": {"x"}}},
	"/admin/municipalities": {access.NationalAdmin, url.Values{"key": {"k"}, "place": {"05101"}, "model": {"1"}, "module": {"care"}, "unit": {"omil"}, "template": {"model"},
		"run": {"12.345.678-5"}, "given_names": {"Ana"}, "surnames": {"Soto"}, "email": {"a@example.cl"}, "code": {"123456"}}},
	"/admin/municipalities/:municipality/continue": {access.NationalAdmin, url.Values{"code": {"123456"}}},
	"/admin/municipalities/:municipality/status":   {access.NationalAdmin, url.Values{"to": {"suspended"}, "reason": {"a"}, "code": {"123456"}}},
	"/admin/municipalities/:municipality/export":   {access.NationalAdmin, url.Values{"code": {"123456"}}},
	"/admin/batches/:batch/start":                  {access.NationalAdmin, url.Values{"code": {"123456"}}},
	"/admin/batches/:batch/links":                  {access.NationalAdmin, url.Values{"code": {"123456"}}},
	"/files/:file/visits":                          {access.CaseManager, url.Values{"key": {"k"}, "item": {""}, "again": {""}, "day": {"30-12-2026"}, "clock": {"10:30"}, "worker": {"x"}, "address": {"a"}, "purpose": {"b"}, "companion": {"c"}}},
	"/visits/:visit/edit":                          {access.CaseManager, url.Values{"version": {"1"}, "day": {"30-12-2026"}, "clock": {"10:30"}, "worker": {"x"}, "address": {"a"}, "purpose": {"b"}, "companion": {"c"}}},
	"/visits/:visit/cancel":                        {access.CaseManager, url.Values{"reason": {"a"}}},
	"/visits/:visit/record":                        {access.CaseManager, url.Values{"result": {"refused"}, "on": {"22-11-2026"}, "at": {"10:30"}, "others": {"Ana"}, "finding[walls]": {"bad"}, "note": {"a"}, "window": {"w"}, "seen": {"0"}}},
	"/visits/:visit/draft":                         {access.CaseManager, url.Values{"result": {"done"}, "on": {"22-11-2026"}, "at": {"10:30"}, "others": {"Ana"}, "finding[walls]": {"bad"}, "note": {"a"}, "window": {"w"}, "seen": {"0"}}},
	"/visits/:visit/photos":                        {access.CaseManager, url.Values{"photo": {""}}},
	"/agenda/followups":                            {access.CaseManager, url.Values{"key": {"k"}, "day": {"30-12-2026"}, "clock": {"10:30"}, "text": {"a"}, "back": {"/"}}},
	"/files/:file/followups":                       {access.CaseManager, url.Values{"key": {"k"}, "day": {"30-12-2026"}, "clock": {"10:30"}, "text": {"a"}, "back": {"/"}}},
	"/agenda/followups/:followup":                  {access.UnitHead, url.Values{"version": {"1"}, "day": {"30-12-2026"}, "clock": {"10:30"}, "text": {"a"}}},
	"/agenda/followups/:followup/status":           {access.UnitHead, url.Values{"status": {"done"}, "back": {"/agenda"}}},
	"/visits/:visit/notes":                         {access.CaseManager, url.Values{"text": {"a"}}},
	"/files/:file/reports":                         {access.CaseManager, url.Values{"key": {"k"}, "purpose": {"C001"}, "addressee": {"a"}, "due": {"30-12-2026"}}},
	"/reports/:report/sign":                        {access.CaseManager, url.Values{"mark": {"x"}, "profession": {"a"}, "registration": {"b"}, "head_name": {"c"}, "head_position": {"d"}, "then": {"keep"}}},
	"/reports/:report/withdraw":                    {access.CaseManager, url.Values{"reason": {"a"}}},
	"/reports/:report/approve":                     {access.UnitHead, url.Values{"code": {"x"}, "head_name": {"a"}, "head_position": {"b"}, "comment": {"c"}, "then": {"keep"}}},
	"/reports/:report/return":                      {access.UnitHead, url.Values{"code": {"x"}, "comment": {"c"}}},
	"/reports/:report/issue":                       {access.CaseManager, url.Values{}},
	"/reports/:report/annul":                       {access.CaseManager, url.Values{"reason": {"a"}}},
	"/reports/:report/version":                     {access.CaseManager, url.Values{"reason": {"a"}}},
	"/settings/reports":                            {access.Counterpart, url.Values{"needed": {"1"}, "head_name": {"a"}, "head_position": {"b"}, "mark": {"x"}}},
	"/reports/:report/discard":                     {access.CaseManager, url.Values{"reason": {"a"}}},
	"/reports/:report/edit":                        {access.CaseManager, reportForm},
	"/reports/:report/parts/:part":                 {access.CaseManager, partForm},
	"/settings/key":                                {access.Counterpart, url.Values{"recipient": {"age1x"}, "code": {"123456"}}},
}

// nationalItem is an item of the national catalogue, with a row of each kind.
var nationalItem = url.Values{"mark": {""}, "do": {"save"}, "place": {"D/D1"}, "name": {"a"}, "description": {"b"}, "provider": {"OMIL"}, "contact": {"c"},
	"requirements": {"d"}, "legal_basis": {"e"}, "ris_code": {"F1"}, "unit": {"g"}, "reference": {"1000"}, "interval_days": {"1"}, "spots": {"2"},
	"spots_period": {"month"}, "valid_from": {"01-01-2027"}, "join[0]": {"and"}, "scope[0]": {"person"}, "condition[0]": {"age_min"}, "value[0]": {"18"},
	"label[0]": {"h"}, "type[0]": {"text"}, "choices[0]": {"i"}, "required[0]": {"1"}}

// announcementForm is what an announcement's form sends.
var announcementForm = url.Values{"text": {"Aviso"}, "level": {"info"}, "from": {"22-11-2026"}, "from_time": {"08:00"}, "to": {"30-12-2026"}, "to_time": {"18:00"},
	"municipality": {"x"}, "role": {"director"}}

// with is a form and one field more.
func with(form url.Values, name, value string) url.Values {
	out := maps.Clone(form)
	out.Set(name, value)
	return out
}

// withoutFields are the routes that read nothing of their form.
var withoutFields = map[string]bool{"/files/:file/diagnosis/start": true, "/files/:file/ecomap/:tie/remove": true, "/files/:file/ecomap/:tie/restore": true,
	"/session": true, "/logout": true, "/logout-everywhere": true, "/logout-others": true,
	"/requests/:request/package": true, "/attentions/:attention/reopen": true, "/files/:file/waiting": true, "/waiting/:ticket/attend": true,
	"/protocols/:protocol/version": true, "/settings/restores/leave": true,
	"/admin/catalogue/items/:code/discard": true, "/admin/catalogue/publications/:publication/undo": true, "/admin/announcements/:announcement/withdraw": true,
	"/admin/batches/:batch/stop": true, "/admin/exports/:export/delete": true, "/admin/batches": true, // a table alone: TestHostileBatches
	"/invite/:token": true, // likewise: TestInvitation
	"/answer/:token": true, // broken in its room, with a link that can be used: TestAnAnswerIsCheckedBeforeItIsTaken
}

// breakages are the ways in which each field of each form is broken.
var breakages = map[string]func(form url.Values, name string){
	"twice":         func(form url.Values, name string) { form[name] = []string{form.Get(name), form.Get(name)} },
	"a NUL":         func(form url.Values, name string) { form.Set(name, form.Get(name)+"\x00") },
	"no UTF-8":      func(form url.Values, name string) { form.Set(name, form.Get(name)+"\xff\xfe") },
	"half a MB":     func(form url.Values, name string) { form.Set(name, strings.Repeat("x", 512<<10)) },
	"unknown field": func(form url.Values, name string) { form.Set(name+"_x", "1") },
}

// Every form of every route, each of its fields broken in every way: 422, or the
// sign-in's one neutral answer; nothing is changed and nothing breaks.
func TestEveryFormBroken(t *testing.T) {
	h := newHouse(t)
	visitors := map[string]*visitor{access.NationalAdmin: h.as(access.NationalAdmin, "05802"), access.Counterpart: h.as(access.Counterpart, "05802"), access.CaseManager: h.as(access.CaseManager, "05802"), access.Director: h.as(access.Director, "05802"), access.UnitHead: h.as(access.UnitHead, "05802")}
	for _, v := range visitors {
		v.get("/account")
	}
	h.lookAtAll(visitors[access.CaseManager])
	for _, route := range h.app.Routes() {
		h.fill("05802", route.Path) // what it needs is there before
	}
	before := h.contents("05802")
	for _, route := range h.app.Routes() {
		if route.Method != http.MethodPost || withoutFields[route.Path] {
			continue
		}
		good, known := everyForm[route.Path]
		if !known {
			t.Errorf("no form for POST %s: add one", route.Path)
			continue
		}
		path, v := h.fill("05802", route.Path), visitors[good.role]
		for how, spoil := range breakages {
			for name := range good.form {
				form := h.filled(good.form)
				name = h.filledName(name)
				spoil(form, name)
				got := v.post(path, form)
				if !refusedForm(route.Path, how, got.status) {
					t.Errorf("POST %s, %s, %s: answered %d", route.Path, name, how, got.status)
				}
				if how == "unknown field" && got.status == http.StatusUnprocessableEntity && got.header.Get("Content-Type") != "text/html; charset=utf-8" {
					t.Errorf("POST %s: %v", route.Path, got.header)
				}
			}
		}
	}
	if h.contents("05802") != before {
		t.Error("a broken form changed the file")
	}
	if strings.Contains(h.log.String(), `"level":"ERROR"`) {
		t.Error("a broken form is logged as our failure")
	}
}

// lookAtAll opens the screening of each file that the forms are about: the day's
// first look notes that the registry said the same today.
func (h *house) lookAtAll(v *visitor) {
	h.t.Helper()
	for _, path := range []string{"/files/:file/cart/items/:id", "/files/:file/cart"} {
		file := strings.Split(h.fill("05802", path), "/")[2]
		if got := v.get("/files/" + file + "/screening"); got.status != http.StatusOK {
			h.t.Fatalf("screening answered %d", got.status)
		}
	}
}

func refusedForm(path, how string, status int) bool {
	switch {
	case status == http.StatusUnprocessableEntity:
		return true
	case path == "/login" || path == "/password": // the throttle, or no membership
		return status == http.StatusTooManyRequests
	case path == "/switch": // an id that is no membership
		return status == http.StatusNotFound && how != "twice"
	}
	return false
}

// filled puts the item's id into the names of the fields.
func (h *house) filled(form url.Values) url.Values {
	out := make(url.Values, len(form))
	for name, values := range form {
		out[h.filledName(name)] = append([]string(nil), values...)
	}
	return out
}

func (h *house) filledName(name string) string {
	if !strings.Contains(name, ":item") {
		return name
	}
	path := h.fill("05802", "/plans/:plan/items/:item")
	return strings.Replace(name, ":item", path[strings.LastIndex(path, "/")+1:], 1)
}

// A form in another dress is refused before anybody reads it, and ten thousand
// fields are no work.
func TestFormsInAnotherDress(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.CaseManager, "05802")
	path := h.fill("05802", "/files/:file/cart/items")
	h.lookAtAll(v)
	before := h.contents("05802")
	for _, dress := range []struct{ kind, body string }{
		{"application/json", `{"item":"D203","reason":"a","request":"b"}`},
		{"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"item\"\r\n\r\nD203\r\n--b--\r\n"},
		{"text/plain", "item=D203&reason=a&request=b"},
		{"", "item=D203&reason=a&request=b"},
		{"application/x-www-form-urlencoded", "item=D203&reason=%zz"},
		{"application/x-www-form-urlencoded", strings.Repeat("a=1&", 60_000)},
	} {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, v.base+path, strings.NewReader(dress.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Token", v.token)
		if dress.kind != "" {
			r.Header.Set("Content-Type", dress.kind)
		}
		if got := v.do(r); got.status != http.StatusUnprocessableEntity {
			t.Errorf("%q answered %d", dress.kind, got.status)
		}
	}
	if h.contents("05802") != before {
		t.Error("something was put into the cart")
	}
}

// What is wrong is said by name, also where no form of ours comes back.
func TestTheWrongFieldIsNamed(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.CaseManager, "05802")
	plan := h.fill("05802", "/plans/:plan")
	v.get(plan)
	got := v.post(plan+"/items", url.Values{"estado_raro": {"1"}})
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "estado_raro: ") {
		t.Errorf("answered %d without the name:\n%s", got.status, got.body)
	}
}
