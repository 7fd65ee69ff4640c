package app

import "net/http"

func (a *App) metricsHandler() http.Handler { return http.NotFoundHandler() }
